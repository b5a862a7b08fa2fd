/**
 * `npm run test:random-walk -- --seed N --operations M`: what virsh, guests and ipmitool do to real domains, interleaved at
 * random. After each operation the BMC's word is compared with libvirt's. Nothing is left running.
 */
import { parseArgs } from 'node:util';
import { startLab } from '#lab/lab.ts';
import { installPrograms } from '#lab/debian-packages.ts';
import { linuxDisk, LINUX_MEMORY_MIB } from '#lab/linux-guest/linux-disk.ts';
import { prepareWalkDomain, walkGuest } from '#lab/random-walk/walk-domain.ts';
import { walk } from '#lab/random-walk/walk.ts';
import { runAcceptance } from './acceptance-run.ts';

const USAGE = 'npm run test:random-walk -- [--seed NUMBER] [--operations NUMBER]';
const { seed, operations } = readArguments();

function readArguments(): { seed: number; operations: number } {
  const { values } = parseArgs({ options: { seed: { type: 'string' }, operations: { type: 'string' } } });
  const number = (text: string | undefined, otherwise: number): number => {
    const value = text === undefined ? otherwise : Number(text);
    if (Number.isSafeInteger(value) && value >= 0) return value;
    process.stderr.write(`${USAGE}\n`);
    process.exit(2);
  };
  return { seed: number(values.seed, Date.now() % 2 ** 31), operations: number(values.operations, 200) };
}

runAcceptance('npm run test:random-walk', async ({ report, print, unlessInterrupted }) => {
  await unlessInterrupted(installPrograms({ 'qemu-img': 'qemu-utils' }, { print }));
  const linux = await unlessInterrupted(linuxDisk(print));
  const lab = await startLab({
    domains: [walkGuest('os'), walkGuest('per-device'), walkGuest('os', LINUX_MEMORY_MIB)],
  });
  try {
    await report.step(`random walk, seed ${seed}`, async () => {
      const domains = [
        await prepareWalkDomain(lab, 0, { onCrash: 'preserve' }),
        await prepareWalkDomain(lab, 1, { onCrash: 'restart' }),
        await prepareWalkDomain(lab, 2, { onCrash: 'destroy', diskImage: linux }),
      ];
      const startedAt = performance.now();
      const { divergences, counts } = await unlessInterrupted(
        walk(lab, domains, { seed, operations, print }),
      );
      const minutes = (performance.now() - startedAt) / 60_000;
      for (const [operation, count] of [...counts].sort())
        print(`  ${String(count).padStart(5)}  ${operation}`);
      const told = `${operations} operations, ${(operations / minutes).toFixed(1)} a minute`;
      if (divergences.length > 0) throw new Error(`${told}, ${divergences.length} divergences`);
      return `${told}, 0 divergences`;
    });
  } finally {
    await lab.stop();
  }
});
