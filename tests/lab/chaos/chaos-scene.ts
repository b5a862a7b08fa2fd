/** What all parts of a run share. */
import type { BmcDetail } from '#supervisor/status/bmc-detail.ts';
import { fetchJson } from '#supervisor/cli/control-client.ts';
import type { IpmiClients } from '#support/clients/ipmi-clients.ts';
import { childrenOf } from '#support/processes.ts';
import type { PrivateLibvirt } from '../private-libvirt.ts';
import type { VirshStandIn } from '../virsh-stand-in.ts';
import type { ChaosDomain } from './chaos-domain.ts';
import type { ExtraBmcs } from './extra-bmcs.ts';
import type { FaultLedger } from './fault-ledger.ts';
import type { LibvirtEvents } from './libvirt-events.ts';
import type { SmallDisk } from './small-disk.ts';
import type { SupervisedVbmcd } from './supervised-vbmcd.ts';
import type { Tally } from './tally.ts';
import { linesAbout } from './told-lines.ts';

export interface ChaosScene {
  readonly seed: number;
  readonly libvirt: PrivateLibvirt;
  readonly clients: IpmiClients;
  readonly vbmcd: SupervisedVbmcd;
  readonly virsh: VirshStandIn;
  readonly events: LibvirtEvents;
  readonly domains: readonly ChaosDomain[];
  readonly stateDisk: SmallDisk | undefined;
  /** Where the directory of the stepped clock is. */
  readonly clockDirectory: string;
  readonly extra: ExtraBmcs;
  readonly ledger: FaultLedger;
  readonly tally: Tally;
  /** The domains that are asked for a change at this moment, by index. */
  readonly busy: Set<number>;
  /** Milliseconds since the run began. */
  readonly now: () => number;
  /** Aborted when the operator interrupts the run. */
  readonly signal: AbortSignal;
}

/** By `/proc`: vbmcd may be unable to answer. */
export function workerPid({ vbmcd }: ChaosScene, name: string): number | undefined {
  const { worker } = vbmcd.current.app;
  return childrenOf(vbmcd.pid).find(
    ({ commandLine }) => commandLine.includes(worker) && commandLine.endsWith(` ${name}`),
  )?.pid;
}

export function showBmc({ vbmcd }: ChaosScene, name: string): Promise<BmcDetail> {
  return fetchJson<BmcDetail>(vbmcd.current.runDirectory, `/v1/bmcs/${name}`, ['unfinishedChange']);
}

const LOGGED_LINES = 14;

/** What a violation about the domain is told with. */
export function historyOf({ ledger, vbmcd, now }: ChaosScene, { name, index }: ChaosDomain): string[] {
  const logged = linesAbout(vbmcd.lines, name, now() - 120_000).slice(-LOGGED_LINES);
  return [
    ...ledger.history(index, now()).map((line) => `fault, ${line}`),
    ...logged.map(({ at, text }) => `vbmcd, ${(at / 1000).toFixed(1)} s: ${text}`),
  ];
}
