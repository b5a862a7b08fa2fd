import type { Scenario } from '../scenario.ts';
import { launchers } from '../subjects/launchers.ts';
import { withMockDomains } from '../subjects/mock-domains.ts';
import { startAndTime } from '../subjects/start-and-time.ts';

export const start: Scenario = {
  name: 'start',
  about: 'time from the start of the daemon until many BMCs answer',
  run: (bench) =>
    withMockDomains(bench.sizes.startBmcs, async (libvirt, domains) => {
      const contestants = launchers(bench).map((launcher) => ({
        launcher,
        first: [] as number[],
        last: [] as number[],
        processorMs: [] as number[],
      }));
      for (let round = 0; round < bench.sizes.startRounds; round += 1) {
        for (const { launcher, first, last, processorMs } of contestants) {
          bench.say(`round ${round + 1} of ${bench.sizes.startRounds}: ${launcher.name}`);
          const { subject, ...timed } = await startAndTime(launcher, libvirt, domains);
          first.push(timed.firstSeconds);
          last.push(timed.lastSeconds);
          processorMs.push((timed.processorSeconds * 1_000) / domains.length);
          await subject.stop();
        }
      }
      const all = `all ${domains.length} BMCs answer`;
      for (const { launcher, first, last, processorMs } of contestants) {
        bench.findings.rounds({ what: 'the first BMC answers', subject: launcher.name, unit: 's' }, first);
        bench.findings.rounds({ what: all, subject: launcher.name, unit: 's' }, last);
        const processor = { what: 'processor time until then, for each BMC', unit: 'ms' } as const;
        bench.findings.rounds({ ...processor, subject: launcher.name }, processorMs);
      }
      const [ours, ...peers] = contestants.map(({ launcher, last }) => ({
        subject: launcher.name,
        values: last,
      }));
      if (ours !== undefined) for (const peer of peers) bench.findings.ratio(all, ours, peer);
    }),
};
