/**
 * `npm run test:random-walk -- --seed N --operations M`: what virsh, guests and ipmitool do to real domains, interleaved at
 * random. After each operation the BMC's word is compared with libvirt's. Nothing is left running. `--only node-2` lets this
 * domain alone walk, and it meets the same operations as among the others.
 */
import { parseArgs } from 'node:util';
import { startLab, type Lab } from '#lab/lab.ts';
import { installPrograms } from '#lab/debian-packages.ts';
import { linuxDisk, LINUX_MEMORY_MIB } from '#lab/linux-guest/linux-disk.ts';
import type { OnCrash } from '#lab/random-walk/domain-model.ts';
import { prepareWalkDomain, walkGuest, type WalkDomain } from '#lab/random-walk/walk-domain.ts';
import { walk } from '#lab/random-walk/walk.ts';
import { runAcceptance } from './acceptance-run.ts';
import { anySeed, wholeNumberOption } from '#support/whole-number-option.ts';

const USAGE = 'npm run test:random-walk -- [--seed NUMBER] [--operations NUMBER] [--only node-NUMBER]';
const PROGRESS_EVERY = 50;

interface WalkingDomain {
  readonly boot: 'os' | 'per-device';
  readonly onCrash: OnCrash;
  readonly linux?: true;
}

/** They walk at the same time. A Linux, which takes long to boot, has a smaller part in the operations. */
const walking: readonly WalkingDomain[] = [
  { boot: 'os', onCrash: 'preserve' },
  { boot: 'per-device', onCrash: 'restart' },
  { boot: 'os', onCrash: 'destroy', linux: true },
  { boot: 'per-device', onCrash: 'preserve' },
  { boot: 'os', onCrash: 'restart' },
  { boot: 'os', onCrash: 'preserve', linux: true },
];

const { seed, operations, only } = readArguments();

function readArguments(): { seed: number; operations: number; only: string | undefined } {
  const { values } = parseArgs({
    options: { seed: { type: 'string' }, operations: { type: 'string' }, only: { type: 'string' } },
  });
  return {
    seed: wholeNumberOption(values.seed, anySeed(), USAGE),
    operations: wholeNumberOption(values.operations, 200, USAGE),
    only: values.only,
  };
}

async function prepareDomains(lab: Lab, linux: Buffer): Promise<WalkDomain[]> {
  const domains: WalkDomain[] = [];
  for (const [index, { onCrash, linux: isLinux }] of walking.entries()) {
    const disk = isLinux === true ? { diskImage: linux } : {};
    domains.push(await prepareWalkDomain(lab, index, { onCrash, ...disk }));
  }
  return domains.filter(({ name }) => only === undefined || name === only);
}

/** How many of the operations a domain takes. */
function partOf({ linux }: WalkingDomain): number {
  const weight = (isLinux: true | undefined): number => (isLinux === true ? 1 : 3);
  const all = walking.reduce((sum, each) => sum + weight(each.linux), 0);
  return Math.ceil((operations * weight(linux)) / all);
}

runAcceptance('npm run test:random-walk', async ({ report, print, unlessInterrupted, signal }) => {
  await unlessInterrupted(installPrograms({ 'qemu-img': 'qemu-utils' }, { print }));
  const linux = await unlessInterrupted(linuxDisk(print));
  const lab = await startLab({
    domains: walking.map((each) => walkGuest(each.boot, each.linux === true ? LINUX_MEMORY_MIB : undefined)),
  });
  try {
    await report.step(`random walk, seed ${seed}`, async () => {
      const domains = await prepareDomains(lab, linux);
      const parts = walking.map(partOf);
      const all = domains.reduce((sum, { index }) => sum + (parts[index] ?? 0), 0);
      const startedAt = performance.now();
      const rate = (done: number): string =>
        `${((done * 60_000) / (performance.now() - startedAt)).toFixed(1)} a minute`;
      const onProgress = (done: number, divergences: number): void => {
        if (done % PROGRESS_EVERY === 0)
          print(`  ${done} of ${all} operations, ${rate(done)}, ${divergences} divergences`);
      };
      const result = await walk(lab, domains, {
        ...{ seed, print, onProgress, signal },
        operations: ({ index }) => parts[index] ?? 0,
      });
      for (const [operation, count] of [...result.counts].sort())
        print(`  ${String(count).padStart(5)}  ${operation}`);
      const told = `${result.operations} operations, ${rate(result.operations)}`;
      const { length } = result.divergences;
      if (length > 0 || result.operations < all) throw new Error(`${told}, ${length} divergences`);
      return `${told}, 0 divergences`;
    });
  } finally {
    await lab.stop();
  }
  signal.throwIfAborted();
});
