import type { CipherSuiteId } from '@vbmc/ipmi-codec';
import { runLoad } from '../load/run-load.ts';
import type { Scenario } from '../scenario.ts';
import { startContestants } from '../subjects/contestants.ts';
import { withMockDomains } from '../subjects/mock-domains.ts';
import { firstTarget, type Subject } from '../subjects/subject.ts';
import { compareLoads } from './compare-loads.ts';
import { rates } from './record-load.ts';

const SESSIONS = 8;

export const status: Scenario = {
  name: 'status',
  about: `chassis status on one BMC, ${SESSIONS} sessions`,
  run: (bench) =>
    withMockDomains(1, async (libvirt, domains) => {
      const { ours, peers } = await startContestants(bench, libvirt, domains);
      const loadWith = (cipherSuiteId: CipherSuiteId) => (subject: Subject) =>
        runLoad({
          kind: 'requests',
          targets: [firstTarget(subject)],
          sessionsPerTarget: SESSIONS,
          cipherSuiteId,
          seconds: bench.sizes.roundSeconds,
          pauseMs: 0,
          // The machine of ipmi_sim stays off.
          powerOn: subject.name !== 'ipmi_sim',
        });
      const with3 = await compareLoads(bench, 'requests, suite 3', ours, peers, loadWith(3));
      // VirtualBMC knows suite 3 only.
      const with17 = await compareLoads(bench, 'requests, suite 17', ours, [], loadWith(17));
      bench.findings.ratio('suite 17 to suite 3', rates(with17), rates(with3));
      for (const subject of [ours, ...peers]) await subject.stop();
    }),
};
