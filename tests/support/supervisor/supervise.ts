import type { BmcConfiguration } from '#worker/ipc/protocol.ts';
import type { BmcListing } from '#supervisor/status/bmc-listing.ts';
import { SupervisedBmc } from '#supervisor/fleet/supervised-bmc.ts';
import type { Surroundings } from '#supervisor/worker/surroundings.ts';
import type { ScriptedWorker } from './scripted-worker.ts';
import { testSurroundings } from './surroundings.ts';
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

/** One BMC whose workers, clock and log are the test's. */
export function supervise(overrides: Partial<Surroundings> = {}): {
  bmc: SupervisedBmc;
  clock: VirtualClock;
  started: ScriptedWorker[];
  latest: () => ScriptedWorker;
  logged: string[];
  listed: () => Promise<BmcListing>;
} {
  const { surroundings, clock, started, logged } = testSurroundings(overrides);
  const bmc = new SupervisedBmc(configuration, surroundings);
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
  return { bmc, clock, started, latest, logged, listed };
}
