import { chassisOf } from '#support/clients/chassis.ts';
import { installVirshStandIn } from '#lab/virsh-stand-in.ts';
import { planBmcs } from '#lab/vbmcd.ts';
import type { LabBmc } from '#lab/inventory-text.ts';
import type { LoadResult } from '../load/load-job.ts';
import { runLoad } from '../load/run-load.ts';
import type { Bench, Scenario } from '../scenario.ts';
import { allAnswer } from '../subjects/contestants.ts';
import { withMockDomains } from '../subjects/mock-domains.ts';
import { launchOurs, watchIsTrusted } from '../subjects/ours.ts';
import { OUR_NAME } from '../subjects/subject.ts';
import { recordFailures } from './record-load.ts';

/** Pollers that do not saturate the machine: the scenario measures which of them waits for another. */
const SESSIONS_PER_TARGET = 4;
const PAUSE_MS = 5;
/** libvirt has 20 s to answer a `virsh`. */
const PATIENCE_MS = 40_000;

export const hang: Scenario = {
  name: 'hang',
  about: 'chassis status while virsh hangs for this domain, on this BMC and on its neighbour',
  run: (bench) =>
    withMockDomains(2, async (libvirt, domains) => {
      const virsh = installVirshStandIn(libvirt.directory);
      const bmcs = await planBmcs(domains);
      const ours = launchOurs(libvirt, bmcs, { path: virsh.path });
      await allAnswer(ours);
      await watchIsTrusted(ours);
      record(bench, 'virsh works', await poll(bench, bmcs));
      const [first] = bmcs;
      if (first === undefined) throw new Error('there is no BMC');
      virsh.behave('hangs');
      const powerDown = chassisOf(first, { deadlineMs: PATIENCE_MS }).control('powerDown');
      const during = await poll(bench, bmcs);
      if (virsh.processesLeft().length === 0) throw new Error('virsh does not hang');
      record(bench, 'virsh hangs', during);
      bench.say('waiting for the deadline of virsh');
      const timedOut = 0xc3;
      const completionCode = await powerDown;
      if (completionCode !== timedOut) bench.findings.failure(`power down is answered ${completionCode}`);
      // Killing it would not end libvirt's work, so it is left running. It ends with its worker.
      if (virsh.processesLeft().length === 0) bench.findings.failure('the virsh that hangs was killed');
      await ours.stop();
    }),
};

function poll(bench: Bench, targets: readonly LabBmc[]): Promise<LoadResult> {
  return runLoad({
    kind: 'requests',
    targets,
    sessionsPerTarget: SESSIONS_PER_TARGET,
    cipherSuiteId: 17,
    seconds: bench.sizes.hangSeconds,
    pauseMs: PAUSE_MS,
    powerOn: true,
  });
}

function record({ findings }: Bench, when: string, result: LoadResult): void {
  for (const [index, who] of ['this BMC', 'its neighbour'].entries()) {
    const { p99, median, max, count } = result.durationMsByTarget[index] ?? result.durationMs;
    findings.figure(
      { what: `${when}: chassis status p99, ${who}`, subject: OUR_NAME, unit: 'ms' },
      p99,
      `p50 ${median.toFixed(2)} ms, max ${max.toFixed(1)} ms (of ${count})`,
    );
  }
  recordFailures(findings, `${when}: chassis status`, { subject: OUR_NAME, results: [result] });
}
