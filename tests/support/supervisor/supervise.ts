import type { BmcConfiguration } from '#worker/ipc/protocol.ts';
import type { BmcListing } from '#supervisor/status/bmc-listing.ts';
import { SupervisedBmc } from '#supervisor/fleet/supervised-bmc.ts';
import type { Dependencies } from '#supervisor/worker/dependencies.ts';
import type { ScriptedWorker } from './scripted-worker.ts';
import { testDependencies } from './dependencies.ts';
import type { VirtualClock } from './virtual-clock.ts';

export const configuration: BmcConfiguration = {
  name: 'node-0',
  domainName: 'vm-0',
  address: '::',
  port: 623,
  connectionUri: 'test:///default',
  cipherSuites: [17, 3],
  users: [{ name: 'admin', password: 'geheim', privilege: 'administrator' }],
};

/** One BMC with scripted workers, a virtual clock and a recorded log. */
export function supervise(
  overrides: Partial<Dependencies> = {},
  of = configuration,
): {
  bmc: SupervisedBmc;
  clock: VirtualClock;
  started: ScriptedWorker[];
  latest: () => ScriptedWorker;
  logged: string[];
  counted: string[];
  listed: () => Promise<BmcListing>;
} {
  const { dependencies, clock, started, logged, counted } = testDependencies(overrides);
  const bmc = new SupervisedBmc(of, dependencies);
  const latest = (): ScriptedWorker => {
    const worker = started.at(-1);
    if (worker === undefined) throw new Error('no worker was started');
    return worker;
  };
  const listed = async (): Promise<BmcListing> => {
    const listing = bmc.list(2000);
    clock.advance(2000);
    return listing;
  };
  return { bmc, clock, started, latest, logged, counted, listed };
}
