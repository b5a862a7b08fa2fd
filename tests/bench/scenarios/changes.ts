import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { getChassisStatus } from '@vbmc/ipmi-codec';
import { consoleTo } from '#support/clients/console-to.ts';
import { startLab, type Lab } from '#lab/lab.ts';
import { watchedDomain, type WatchedDomain } from '#lab/watched-domain.ts';
import { waitFor } from '#support/wait-for.ts';
import { UdpConsole } from '#support/console/udp-console.ts';
import { distributionOf } from '../measure/distribution.ts';
import type { Bench, Scenario } from '../scenario.ts';
import { OUR_NAME } from '../subjects/subject.ts';

/** Rounds at the same time: a round mostly waits for QEMU. */
const GUESTS = 3;

interface Change {
  readonly name: string;
  /** What `happened` sees. */
  readonly since: string;
  make(lab: Lab, domain: WatchedDomain): Promise<unknown>;
  /** Whether it has happened, as can be seen without libvirt. */
  happened(domain: WatchedDomain, before: Before): boolean;
}

/** The state before, for comparison. */
interface Before {
  readonly pid: number;
  readonly lines: number;
}

function processHasEnded(_domain: WatchedDomain, { pid }: Before): boolean {
  return hasEnded(pid);
}
function guestHasPanicked(domain: WatchedDomain, { lines }: Before): boolean {
  return domain.lines().slice(lines).includes('panic');
}

const changes: readonly Change[] = [
  {
    name: 'virsh destroy',
    make: (lab, { name }) => lab.libvirt.virsh('destroy', name),
    since: 'after the end of QEMU',
    happened: processHasEnded,
  },
  {
    name: 'guest shutdown',
    make: (lab, { name }) => lab.libvirt.virsh('shutdown', name),
    since: 'after the end of QEMU',
    happened: processHasEnded,
  },
  {
    name: 'guest crash',
    make: (lab, { name }) => lab.guest(Number(name.slice('node-'.length))).type('p'),
    since: 'after the guest has panicked',
    happened: guestHasPanicked,
  },
];

export const behindOurBack: Scenario = {
  name: 'changes',
  about: 'delay until power status shows what was done behind our back',
  run: async (bench) => {
    const lab = await startLab({ domains: new Array(GUESTS).fill({ panicDevice: true }) });
    try {
      const told = listen(lab);
      await waitFor('the domain watch', () => lab.vbmcd.log().includes(' is up'), { timeoutMs: 30_000 });
      for (const change of changes) await measureChange(bench, lab, change, told);
    } finally {
      await lab.stop();
    }
  },
};

async function measureChange(bench: Bench, lab: Lab, change: Change, told: Told): Promise<void> {
  const wanted = bench.sizes.changes;
  const afterEvent: number[] = [];
  const afterChange: number[] = [];
  let begun = 0;
  const onGuest = async (index: number): Promise<void> => {
    const domain = watchedDomain(lab, index);
    while (begun < wanted) {
      begun += 1;
      if (begun % 20 === 0) bench.say(`${change.name}: ${begun} of ${wanted}`);
      await domain.bringTo('running');
      // A crashed guest was ended before it could run again.
      told.delete(domain.name);
      const { happenedAt, shownAt } = await observe(lab, index, domain, change);
      // libvirt may tell before the last of the process is gone, and one client before the other.
      afterEvent.push(Math.max(0, shownAt - (await toldAt(told, domain.name))));
      afterChange.push(Math.max(0, shownAt - happenedAt));
    }
  };
  await Promise.all(Array.from({ length: GUESTS }, (_unused, index) => onGuest(index)));
  for (const [what, delaysMs] of [
    ['after libvirt has told it', afterEvent],
    [change.since, afterChange],
  ] as const) {
    const { count, median, p99, max } = distributionOf(delaysMs);
    bench.findings.figure(
      { what: `${change.name}: power status p99 ${what}`, subject: OUR_NAME, unit: 'ms' },
      p99,
      `p50 ${median.toFixed(1)} ms, max ${max.toFixed(1)} ms (of ${count})`,
    );
  }
}

/** When it had happened, and when the first true answer came. */
async function observe(lab: Lab, index: number, domain: WatchedDomain, change: Change) {
  const session = await UdpConsole.connect(consoleTo(lab.bmc(index)));
  try {
    const isOn = async (): Promise<boolean> => {
      const { value, completionCode } = await session.request(getChassisStatus, undefined);
      if (value === undefined) throw new Error(`chassis status is answered ${completionCode}`);
      return value.powerOn;
    };
    if (!(await isOn())) throw new Error(`${domain.name} runs, and the BMC says that it is off`);
    const before = { pid: domain.pid() ?? 0, lines: domain.lines().length };
    const made = change.make(lab, domain);
    const happenedAt = whenever(() => change.happened(domain, before));
    const shownAt = whenever(async () => !(await isOn()));
    const times = { happenedAt: await happenedAt, shownAt: await shownAt };
    await made;
    return times;
  } finally {
    await session.close();
  }
}

/** When libvirt last reported to the benchmark's own event stream that this domain had ended or crashed. */
type Told = Map<string, number>;

function listen(lab: Lab): Told {
  const told: Told = new Map();
  const { connectionUri } = lab.libvirt;
  const events = lab.libvirt.spawn('virsh', ['-c', connectionUri, 'event', '--loop', '--event', 'lifecycle']);
  createInterface({ input: events.stdout }).on('line', (line) => {
    const name = /for domain '([^']+)': (?:Stopped|Crashed)/.exec(line)?.[1];
    if (name !== undefined) told.set(name, performance.now());
  });
  return told;
}

function toldAt(told: Told, name: string): Promise<number> {
  return waitFor(`libvirt to tell of ${name}`, () => told.get(name));
}

/** When the condition first held, checked every millisecond. */
async function whenever(condition: () => boolean | Promise<boolean>): Promise<number> {
  const giveUpAt = performance.now() + 30_000;
  while (!(await condition())) {
    if (performance.now() > giveUpAt) throw new Error('it has not shown within 30 s');
    await sleep(1);
  }
  return performance.now();
}

/** The process has ended, reaped or not. */
function hasEnded(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return ['Z', 'X'].includes(stat.slice(stat.lastIndexOf(')') + 2)[0] ?? '');
  } catch {
    return true;
  }
}
