import { startLab, type Lab } from '#lab/lab.ts';
import { watchedDomain } from '#lab/watched-domain.ts';
import { waitFor } from '#support/wait-for.ts';
import { startTruthfulLoad, type TruthfulLoad } from '../load/truthful-load.ts';
import type { Bench, Scenario } from '../scenario.ts';
import { OUR_NAME } from '../subjects/subject.ts';

const SESSIONS = 4;

const watchIsUp = /domain watch of \S+ is up/;
const watchIsDown = /domain watch of \S+ is down/;

export const libvirtd: Scenario = {
  name: 'libvirtd',
  about: 'libvirtd killed and restarted under load: wrong answers, time to a trusted watch',
  run: async (bench) => {
    const lab = await startLab();
    try {
      await logged(lab, watchIsUp);
      await watchedDomain(lab, 0).bringTo('running');
      const load = await startTruthfulLoad(lab.bmc(0), SESSIONS, true);
      const noticedMs: number[] = [];
      const trustedMs: number[] = [];
      for (let restart = 0; restart < bench.sizes.libvirtRestarts; restart += 1) {
        await answersFromMemory(load);
        bench.say(`restart ${restart + 1} of ${bench.sizes.libvirtRestarts}`);
        const times = await restartUnderLoad(lab, load);
        noticedMs.push(times.noticedMs);
        trustedMs.push(times.trustedMs);
      }
      await answersFromMemory(load);
      await load.stop();
      record(bench, load, noticedMs, trustedMs);
    } finally {
      await lab.stop();
    }
  },
};

/** Kills libvirtd, starts it again, and changes the domain before the watch is trusted. */
async function restartUnderLoad(lab: Lab, load: TruthfulLoad) {
  const { libvirt } = lab;
  const loggedBefore = lab.vbmcd.log().length;
  const killedAt = performance.now();
  await libvirt.daemon.stop('SIGKILL');
  await logged(lab, watchIsDown, loggedBefore);
  const noticedMs = performance.now() - killedAt;
  await libvirt.daemon.start();
  const backAt = performance.now();
  const wasOn = load.truth === true;
  load.truth = undefined;
  // libvirt finds its domains again while it does this, and may say that the domain it ends "is not running".
  await libvirt.virsh(wasOn ? 'destroy' : 'start', 'node-0').catch(() => undefined);
  await lab.waitForDomstate('node-0', wasOn ? 'shut off' : 'running');
  load.truth = !wasOn;
  await logged(lab, watchIsUp, loggedBefore);
  const trustedMs = performance.now() - backAt;
  return { noticedMs, trustedMs };
}

async function answersFromMemory({ seen }: TruthfulLoad): Promise<void> {
  const { right } = seen;
  await waitFor('answers from memory', () => seen.right > right + 500);
}

/** Waits for such a line beyond the first `before` characters of the log. */
async function logged(lab: Lab, what: RegExp, before = 0): Promise<void> {
  await waitFor(String(what), () => what.test(lab.vbmcd.log().slice(before)), {
    timeoutMs: 60_000,
    intervalMs: 5,
  });
}

function record(
  { findings }: Bench,
  { seen, codes }: TruthfulLoad,
  noticedMs: readonly number[],
  trustedMs: readonly number[],
): void {
  const subject = OUR_NAME;
  const others = `${seen.right} right; ${seen.refused} refused (${[...codes].join(', ')})`;
  findings.figure({ what: 'wrong answers', subject, unit: '' }, seen.wrong, others);
  findings.rounds({ what: 'from SIGKILL until nothing old is believed', subject, unit: 'ms' }, noticedMs);
  findings.rounds({ what: 'from libvirtd back to a trusted watch', subject, unit: 'ms' }, trustedMs);
  if (seen.wrong > 0) findings.failure(`${seen.wrong} wrong answers`);
}
