import { setTimeout } from 'node:timers/promises';
import { childrenOf } from '#support/processes.ts';
import type { PrivateLibvirt } from '#lab/private-libvirt.ts';
import { runLoad } from '../load/run-load.ts';
import { median } from '../measure/distribution.ts';
import { processMemory } from '#support/process-memory.ts';
import type { Bench, Scenario } from '../scenario.ts';
import { launchers, type Launcher } from '../subjects/launchers.ts';
import { withMockDomains } from '../subjects/mock-domains.ts';
import { startAndTime } from '../subjects/start-and-time.ts';
import { recordFailures } from './record-load.ts';

const CLIENTS = 8;
const MEBI = 1024;

export const fleet: Scenario = {
  name: 'fleet',
  about: 'hundreds of BMCs: start, one session with each, memory of all',
  run: (bench) =>
    withMockDomains(bench.sizes.fleetBmcs, async (libvirt, domains) => {
      for (const launcher of launchers(bench)) await measureFleet(bench, launcher, libvirt, domains);
    }),
};

async function measureFleet(
  bench: Bench,
  launcher: Launcher,
  libvirt: PrivateLibvirt,
  domains: readonly string[],
): Promise<void> {
  const { name } = launcher;
  const count = domains.length;
  bench.say(`${count} BMCs of ${name}`);
  const { subject, lastSeconds, processorSeconds } = await startAndTime(launcher, libvirt, domains);
  bench.findings.figure({ what: `all ${count} BMCs answer`, subject: name, unit: 's' }, lastSeconds);
  const processor = { what: 'processor time until then, for each BMC', unit: 'ms' } as const;
  bench.findings.figure({ ...processor, subject: name }, (processorSeconds * 1_000) / count);
  const result = await runLoad({
    kind: 'sessions',
    targets: subject.targets,
    clients: CLIENTS,
    cipherSuiteId: 3,
    until: { sessions: count },
    keepPorts: false,
  });
  const polled = 'each polled once in a session of its own';
  bench.findings.figure({ what: polled, subject: name, unit: 's' }, result.seconds);
  recordFailures(bench.findings, polled, { subject: name, results: [result] });

  // Workers give memory back some time after their start.
  await setTimeout(1_000 * bench.sizes.fleetRestSeconds);
  const workers = childrenOf(subject.mainPid).map(({ pid }) => processMemory(pid));
  const main = processMemory(subject.mainPid);
  const pssKib = workers.reduce((sum, worker) => sum + worker.pssKib, main.pssKib);
  const megabytes = (what: string, kib: number, detail?: string): void => {
    bench.findings.figure({ what, subject: name, unit: 'MB' }, kib / MEBI, detail);
  };
  megabytes('PSS of all processes', pssKib, `${(pssKib / count / MEBI).toFixed(1)} MB for each BMC`);
  megabytes('private memory of a child process, median', median(workers.map(({ privateKib }) => privateKib)));
  megabytes(
    'private memory of the main process',
    main.privateKib,
    `PSS ${(main.pssKib / MEBI).toFixed(1)} MB`,
  );
  await subject.stop();
}
