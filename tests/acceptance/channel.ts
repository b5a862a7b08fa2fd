/**
 * `npm run test:channel -- --seed N --lines M`: workers that write lines at random to a real vbmcd, among them valid messages
 * with each value replaced. vbmcd must go on in the same process and the same memory, restart only the workers that break a
 * rule, and serve another BMC without a failure meanwhile.
 */
import { getDeviceId } from '@vbmc/ipmi-codec';
import { existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { exchange } from '#supervisor/cli/control-client.ts';
import { WorkerInbox } from '#supervisor/worker/worker-inbox.ts';
import { inventoryText, type LabBmc } from '#lab/inventory-text.ts';
import { startPrivateLibvirt, type PrivateLibvirt } from '#lab/private-libvirt.ts';
import { planBmcs, startVbmcd, type Vbmcd } from '#lab/vbmcd.ts';
import { startSteadyRequests } from '#support/clients/steady-requests.ts';
import { describeDurations } from '#support/figures.ts';
import { bundleHostileWorker } from '#support/hostile/bundle-hostile-worker.ts';
import { readLives, type HostileLife } from '#support/hostile/hostile-lives.ts';
import { randomChangedLine, randomValidLine } from '#support/hostile/random-worker-lines.ts';
import { processMemory } from '#support/process-memory.ts';
import { SeededRandom } from '#support/seeded-random.ts';
import { supervise } from '#support/supervisor/supervise.ts';
import { waitFor } from '#support/wait-for.ts';
import { runAcceptance } from './acceptance-run.ts';
import { anySeed, wholeNumberOption } from '#support/whole-number-option.ts';

const USAGE = 'npm run test:channel -- [--seed NUMBER] [--lines NUMBER]';
/** Each restarts often, so that not one but many processes start at a time. */
const MOST_HOSTILE = 40;
const LINES_PER_HOSTILE = 5_000;
/** vbmcd's memory may grow by this much: it keeps the last thousand events, some with long texts. */
const MOST_GROWTH_MB = 60;
const { seed, lines } = readArguments();

function readArguments(): { seed: number; lines: number } {
  const { values } = parseArgs({ options: { seed: { type: 'string' }, lines: { type: 'string' } } });
  return {
    seed: wholeNumberOption(values.seed, anySeed(), USAGE),
    lines: wholeNumberOption(values.lines, 100_000, USAGE),
  };
}

runAcceptance('npm run test:channel', async ({ report, unlessInterrupted }) => {
  await report.step(`${lines} lines, seed ${seed}, in this process`, () => Promise.resolve(judgeLines()));
  const libvirt = await startPrivateLibvirt({ hypervisor: 'mock' });
  try {
    await report.step(`${lines} lines, seed ${seed}, to a real vbmcd`, () =>
      unlessInterrupted(writeToVbmcd(libvirt)),
    );
  } finally {
    await libvirt.stop();
  }
});

/** Every line is judged, and what passes is taken by the supervision of a BMC. Nothing may throw. */
function judgeLines(): string {
  const random = new SeededRandom(seed);
  const counts = new Map<string, number>();
  const { bmc, latest, logged } = supervise();
  bmc.start();
  latest().isReady();
  for (let count = 0; count < lines; count += 1) {
    const line = random.below(2) === 0 ? randomChangedLine(random) : randomValidLine(random);
    const { messages, violation } = new WorkerInbox(0).take(`${line}\n`, line.length + 1, 0);
    for (const message of messages) latest().says(message);
    const kind = violation?.kind ?? 'accepted';
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
    const unprintable = [violation?.cause ?? '', ...logged.splice(0)].find((text) =>
      /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(text),
    );
    if (unprintable !== undefined) throw new Error(`line ${count}: ${JSON.stringify(unprintable)}`);
  }
  return describeCounts(counts);
}

function describeCounts(counts: ReadonlyMap<string, number>): string {
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([kind, count]) => `${kind} ${count}`)
    .join(', ');
}

async function writeToVbmcd(libvirt: PrivateLibvirt): Promise<string> {
  const plan = libvirt.directory.makeDirectory('plan');
  const [witness, ...hostile] = await planHostile(plan);
  const logLines = new LogLines();
  const vbmcd = await startVbmcd(libvirt, inventoryText(libvirt.connectionUri, [witness, ...hostile]), {
    name: 'attacked',
    logLevel: 'error',
    onLog: (text) => {
      logLines.take(text);
    },
    workerStandIn: await bundleHostileWorker(),
  });
  const before = named(await vbmcd.running());
  const steady = await startSteadyRequests(witness, getDeviceId, 5);
  const memoryBefore = residentMb(vbmcd);

  libvirt.directory.write('plan/go', '');
  const lives = await waitFor('the last line', () => finishedLives(plan, hostile), {
    timeoutMs: 60_000 + lines * 10,
    intervalMs: 500,
  });
  // What does not come to pass is among the problems below.
  await waitFor('the last restart', async () => {
    const listed = named(await vbmcd.list());
    return hostile.every(({ name }) => (listed.get(name)?.restarts ?? 0) >= restartsOf(lives.get(name)));
  }).catch(() => undefined);
  const after = named(await vbmcd.running());
  const memoryAfter = residentMb(vbmcd);
  const { durationsMs, failures, retransmissions } = await steady.stop();
  const metrics = (await exchange(vbmcd.runDirectory, 'GET', '/metrics')).body;
  const ended = await vbmcd.stop();

  const all = [...lives.values()].flat();
  const violations = all.flatMap(({ violation }) => violation ?? []);
  const sum = (of: (life: HostileLife) => number): number => all.reduce((total, life) => total + of(life), 0);
  const told = [
    `${sum(({ written }) => written)} written, ${sum(({ judged }) => judged)} judged`,
    `${violations.length} workers broke a rule`,
    `${logLines.missedPings.length} were restarted because they had not answered a ping`,
    `RSS ${memoryBefore.toFixed(0)} MB, then ${memoryAfter.toFixed(0)} MB`,
    `another BMC meanwhile: ${describeDurations(durationsMs)}`,
  ].join('; ');
  const problems = [
    ...(ended === 0 ? [] : [`vbmcd ended with ${ended}`]),
    ...(memoryAfter - memoryBefore > MOST_GROWTH_MB ? ['the memory has grown'] : []),
    ...(retransmissions > 0 ? [`${retransmissions} retransmissions`] : []),
    ...failures,
    ...(metrics.includes('vbmc_internal_errors_total 0\n') ? [] : ['vbmcd has met a bug of its own']),
    ...(isUndisturbed(before, after, witness.name) ? [] : ['the other BMC was restarted']),
    ...hostile.flatMap(({ name }) =>
      wrongCounts(name, {
        lives: lives.get(name) ?? [],
        restarts: after.get(name)?.restarts ?? 0,
        metrics,
        missedPings: logLines.missedPings.filter((each) => each === name).length,
      }),
    ),
    ...logLines.malformed.map((line) => `a log line: ${JSON.stringify(line)}`),
  ];
  if (problems.length > 0) throw new Error(`${problems.slice(0, 10).join('; ')} (${told})`);
  return told;
}

async function planHostile(plan: string): Promise<[LabBmc, ...LabBmc[]]> {
  const count = Math.max(1, Math.min(MOST_HOSTILE, Math.ceil(lines / LINES_PER_HOSTILE)));
  const [witness, ...hostile] = await planBmcs([
    'test',
    ...Array.from({ length: count }, (_, index) => {
      const share = Math.floor(lines / count) + (index < lines % count ? 1 : 0);
      return `${seed + 1_000 * index} ${share} ${plan}`;
    }),
  ]);
  if (witness === undefined) throw new Error('nothing was planned');
  return [witness, ...hostile.map((bmc, index) => ({ ...bmc, name: `hostile-${index}` }))];
}

/** The lives of each hostile BMC, once all their lines are written and no worker has to be restarted. */
function finishedLives(
  plan: string,
  hostile: readonly LabBmc[],
): ReadonlyMap<string, readonly HostileLife[]> | undefined {
  const lives = new Map<string, readonly HostileLife[]>();
  for (const { name, domain } of hostile) {
    const record = `${plan}/${name}`;
    const ofBmc = existsSync(record) ? readLives(readFileSync(record, 'utf8')) : [];
    const written = ofBmc.reduce((sum, life) => sum + life.written, 0);
    if (written < Number(domain.split(' ')[1])) return undefined;
    lives.set(name, ofBmc);
  }
  return lives;
}

type Named = ReadonlyMap<string, { readonly pid: number | null; readonly restarts: number }>;

function named(listed: Awaited<ReturnType<Vbmcd['list']>>): Named {
  return new Map(listed.map((bmc) => [bmc.name, bmc]));
}

function isUndisturbed(before: Named, after: Named, name: string): boolean {
  return after.get(name)?.restarts === 0 && after.get(name)?.pid === before.get(name)?.pid;
}

/**
 * vbmcd has found in each life the rule that its lines break first. On a busy machine a worker may miss pings before its lines
 * arrive: that life ends for another reason, which the log tells.
 */
function wrongCounts(
  name: string,
  {
    lives,
    restarts,
    metrics,
    missedPings,
  }: {
    readonly lives: readonly HostileLife[];
    readonly restarts: number;
    readonly metrics: string;
    readonly missedPings: number;
  },
): readonly string[] {
  const expected = new Map<string, number>();
  for (const { violation } of lives) {
    if (violation !== undefined) expected.set(violation, (expected.get(violation) ?? 0) + 1);
  }
  const found = new Map(
    [...metrics.matchAll(/^vbmc_channel_violations_total\{bmc="([^"]+)",rule="(\w+)"\} (\d+)$/gm)]
      .filter(([, bmc]) => bmc === name)
      .map(([, , rule = '', count]) => [rule, Number(count)] as const),
  );
  const total = (counts: ReadonlyMap<string, number>): number =>
    [...counts.values()].reduce((sum, count) => sum + count, 0);
  const isWrong =
    [...found].some(([rule, count]) => count > (expected.get(rule) ?? 0)) ||
    total(expected) - total(found) > missedPings;
  const least = restartsOf(lives);
  return [
    ...(isWrong ? [`${name}: ${describeCounts(found)} instead of ${describeCounts(expected)}`] : []),
    ...(restarts >= least && restarts <= least + missedPings
      ? []
      : [`${name}: ${restarts} restarts, not ${least} (${missedPings} missed pings)`]),
  ];
}

function restartsOf(lives: readonly HostileLife[] = []): number {
  return lives.filter(({ violation }) => violation !== undefined).length;
}

function residentMb({ pid }: Vbmcd): number {
  return processMemory(pid).residentKib / 1024;
}

/** Checks that each line of the log is one of vbmcd's, about a hostile worker. */
class LogLines {
  readonly malformed: string[] = [];
  /** The BMCs whose worker was ended because it did not answer pings, one entry for each time. */
  readonly missedPings: string[] = [];
  #unfinished = '';

  take(text: string): void {
    const found = (this.#unfinished + text).split('\n');
    this.#unfinished = found.pop() ?? '';
    for (const line of found) {
      const name = /^\S+ error (hostile-\d+): worker has not answered .*: killed/.exec(line)?.[1];
      if (name !== undefined) this.missedPings.push(name);
    }
    this.malformed.push(
      ...found.filter(
        (line) => !/^\d{4}-\d\d-\d\dT[\d:.]+Z error hostile-\d+: [^\p{Cc}\p{Cf}\p{Zl}]+$/u.test(line),
      ),
    );
  }
}
