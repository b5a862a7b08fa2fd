import type { CipherSuiteId } from '@vbmc/ipmi-codec';
import { runLoad } from '../load/run-load.ts';
import type { Scenario } from '../scenario.ts';
import { startContestants } from '../subjects/contestants.ts';
import { withMockDomains } from '../subjects/mock-domains.ts';
import { firstTarget, type Subject } from '../subjects/subject.ts';
import { compareLoads } from './compare-loads.ts';

const CLIENTS = 8;

export const sessions: Scenario = {
  name: 'sessions',
  about: `session open, status, close on one BMC, ${CLIENTS} clients`,
  run: (bench) =>
    withMockDomains(1, async (libvirt, domains) => {
      const { ours, peers } = await startContestants(bench, libvirt, domains);
      const loadWith = (cipherSuiteId: CipherSuiteId, keepPorts: boolean) => (subject: Subject) =>
        runLoad({
          kind: 'sessions',
          targets: [firstTarget(subject)],
          clients: CLIENTS,
          cipherSuiteId,
          until: { seconds: bench.sizes.roundSeconds },
          keepPorts,
        });
      await compareLoads(bench, 'sessions, suite 3', ours, peers, loadWith(3, false));
      await compareLoads(bench, 'sessions, suite 3, ports reused', ours, peers, loadWith(3, true));
      await compareLoads(bench, 'sessions, suite 17', ours, [], loadWith(17, false));
      for (const subject of [ours, ...peers]) await subject.stop();
    }),
};
