/**
 * `npm run test:chaos -- --seed N --minutes M`: processes are killed and stopped, programs cannot be started, disks are full,
 * libvirtd and `virsh` go away, clocks step and the inventory is edited, all of it at random, while clients power real QEMU
 * domains. Every change that was acknowledged must have happened exactly once, and every other one must be whole, or told.
 */
import { parseArgs } from 'node:util';
import { runChaos } from '#lab/chaos/chaos.ts';
import { installPrograms } from '#lab/debian-packages.ts';
import { runAcceptance } from './acceptance-run.ts';
import { anySeed, wholeNumberOption } from '#support/whole-number-option.ts';

const USAGE = 'npm run test:chaos -- [--seed NUMBER] [--minutes NUMBER]';
const DOMAINS = 6;
const { seed, minutes } = readArguments();

function readArguments(): { seed: number; minutes: number } {
  const { values } = parseArgs({ options: { seed: { type: 'string' }, minutes: { type: 'string' } } });
  return {
    seed: wholeNumberOption(values.seed, anySeed(), USAGE),
    minutes: wholeNumberOption(values.minutes, 5, USAGE),
  };
}

runAcceptance('npm run test:chaos', async ({ report, print, unlessInterrupted, signal }) => {
  await unlessInterrupted(installPrograms({ strace: 'strace', ipmitool: 'ipmitool' }, { print }));
  await report.step(`chaos for ${minutes} min, seed ${seed}`, async () => {
    const { tally, report: lines } = await runChaos({
      ...{ seed, domains: DOMAINS, durationMs: minutes * 60_000, print, signal },
    });
    for (const line of lines) print(`  ${line}`);
    const { violations } = tally;
    if (violations.length > 0) throw new Error(`${violations.length} violations; ${tally.progress()}`);
    return tally.progress();
  });
  signal.throwIfAborted();
});
