/**
 * Chassis Control in every state that a real QEMU domain can be brought into: the answer, and what became of the
 * domain. libvirt's QEMU driver knows no `idle` and `no state`, and is `in shutdown` for moments only: those rows are
 * in tests/bmc-worker/libvirt/chassis-control.test.ts.
 */
import type { ChassisControl } from '@vbmc/ipmi-codec';
import { waitFor } from '#support/wait-for.ts';
import { chassisOf } from '#support/clients/chassis.ts';
import { describeDurations, printFigure } from '#support/figures.ts';
import { startLab, type Lab } from '#lab/lab.ts';
import { watchedDomain, type ReachableState, type WatchedDomain } from '#lab/watched-domain.ts';

const NOT_IN_PRESENT_STATE = 0xd5;
const GUEST_CRASHED = 0x01;

/** The answer, and what the domain then is: its state, its process, and what the guest says last. */
interface Cell {
  readonly code: number;
  readonly state: ReachableState;
  readonly process: 'the same' | 'a new one' | 'none';
  readonly says?: string;
}

function nothingFrom(state: ReachableState): Cell {
  return {
    code: 0,
    state,
    process: state === 'shut off' ? 'none' : 'the same',
  };
}
function refusedIn(state: ReachableState): Cell {
  return { ...nothingFrom(state), code: NOT_IN_PRESENT_STATE };
}
const crashed: Cell = { ...nothingFrom('crashed'), code: GUEST_CRASHED };
const off: Cell = { code: 0, state: 'shut off', process: 'none' };
const asksGuest: Cell = { ...off, says: 'power button' };
const bootsAnew: Cell = { code: 0, state: 'running', process: 'a new one', says: 'boot disk' };
const bootsAgain: Cell = { ...bootsAnew, process: 'the same' };
const interrupts: Cell = { code: 0, state: 'running', process: 'the same', says: 'nmi' };
/** The guest leaves no waking vector, so that its firmware boots it: a power button just before that is lost. */
const wakesUp = bootsAgain;

const table: Readonly<Record<ReachableState, Readonly<Record<ChassisControl, Cell>>>> = {
  running: {
    powerUp: nothingFrom('running'),
    diagnosticInterrupt: interrupts,
    hardReset: bootsAgain,
    powerCycle: bootsAnew,
    softShutdown: asksGuest,
    powerDown: off,
  },
  paused: {
    diagnosticInterrupt: refusedIn('paused'),
    powerUp: nothingFrom('running'),
    hardReset: bootsAgain,
    powerCycle: bootsAnew,
    softShutdown: asksGuest,
    powerDown: off,
  },
  pmsuspended: {
    diagnosticInterrupt: refusedIn('pmsuspended'),
    powerUp: wakesUp,
    hardReset: bootsAgain,
    powerCycle: bootsAnew,
    softShutdown: wakesUp,
    powerDown: off,
  },
  crashed: {
    diagnosticInterrupt: crashed,
    softShutdown: crashed,
    powerUp: nothingFrom('crashed'),
    hardReset: bootsAnew,
    powerCycle: bootsAnew,
    powerDown: off,
  },
  'shut off': {
    powerDown: nothingFrom('shut off'),
    powerCycle: refusedIn('shut off'),
    hardReset: refusedIn('shut off'),
    diagnosticInterrupt: refusedIn('shut off'),
    softShutdown: refusedIn('shut off'),
    powerUp: bootsAnew,
  },
};

const powerOf: Readonly<Record<ReachableState, 'on' | 'off'>> = {
  running: 'on',
  paused: 'on',
  pmsuspended: 'on',
  crashed: 'on',
  'shut off': 'off',
};

function hex(code: number): string {
  return `${code.toString(16).padStart(2, '0').toUpperCase()}h`;
}
const states = Object.keys(table) as ReachableState[];

let lab: Lab;
let domain: WatchedDomain;
/** What libvirt tells of the domain's life, with its time. */
let events = '';
const durationsMs: number[] = [];

beforeAll(async () => {
  lab = await startLab({ domains: [{ panicDevice: true, boot: ['hd', 'network'], networkCards: [true] }] });
  domain = watchedDomain(lab, 0);
  const watch = lab.libvirt.spawn('virsh', [
    ...['-c', lab.libvirt.connectionUri, 'event', '--loop', '--timestamp'],
    ...['--event', 'lifecycle', '--domain', domain.name],
  ]);
  watch.stdout.setEncoding('utf8').on('data', (text: string) => (events += text));
});
afterAll(async () => {
  printFigure(
    'chassis control on a real domain, each cell of the table answered after',
    describeDurations(durationsMs),
  );
  await lab.stop();
});

function isProcess(before: number | undefined): Cell['process'] {
  const after = domain.pid();
  if (after === undefined) return 'none';
  return after === before ? 'the same' : 'a new one';
}

describe.each(states)('a domain that is %s', (state) => {
  const cells = Object.entries(table[state]) as [ChassisControl, Cell][];
  test.each(cells.map(([control, cell]) => [control, hex(cell.code), cell.state, cell] as const))(
    '%s: %s, then %s',
    async (control, _code, _state, cell) => {
      await domain.bringTo(state);
      const [linesBefore, pidBefore] = [domain.lines().length, domain.pid()];
      const startedAt = performance.now();
      expect(hex(await chassisOf(lab.bmc(0)).control(control))).toBe(hex(cell.code));
      durationsMs.push(performance.now() - startedAt);
      // The answer is a fact already; a guest that was asked to shut down takes its moment.
      if (control === 'softShutdown') await lab.waitForDomstate(domain.name, cell.state);
      expect(await domain.state()).toBe(cell.state);
      expect(isProcess(pidBefore)).toBe(cell.process);
      const said = (): string[] => domain.lines().slice(linesBefore);
      if (cell.says !== undefined)
        await waitFor(`the guest to say ${cell.says}`, () => said().at(-1) === cell.says);
      else expect(said()).toEqual([]);
    },
  );

  test(`Get Chassis Status: ${powerOf[state]}`, async () => {
    await domain.bringTo(state);
    // The state was brought about behind the BMC's back: it learns of it from libvirt, within moments.
    await waitFor('the BMC to know', async () => (await chassisOf(lab.bmc(0)).power()) === powerOf[state]);
  });
});

test.each(['running', 'paused', 'pmsuspended'] as const)(
  'hardReset of a domain that is %s, with a boot override pending: the same process boots from there',
  async (state) => {
    const chassis = chassisOf(lab.bmc(0));
    await domain.bringTo(state);
    const pid = domain.pid();
    // 80h: valid, one-shot, legacy; 04h: PXE.
    expect(await chassis.setBootFlags(0x80, 0x04)).toBe(0);
    expect(await domain.state()).toBe(state);
    const boots = domain.lines().filter((line) => line === 'boot net0').length;
    expect(await chassis.control('hardReset')).toBe(0);
    expect(await domain.state()).toBe('running');
    expect(isProcess(pid)).toBe('the same');
    await lab.waitForSerial(domain.name, 'boot net0', boots + 1);
    await domain.bringTo('shut off');
  },
);

test('a guest that has panicked and was reset by virsh, which leaves it paused: power up boots it', async () => {
  await domain.bringTo('crashed');
  const [boots, pid] = [domain.lines().length, domain.pid()];
  await lab.libvirt.virsh('reset', domain.name);
  expect(await lab.libvirt.virsh('domstate', '--reason', domain.name)).toContain('paused (crashed)');
  expect(await chassisOf(lab.bmc(0)).control('powerUp')).toBe(0);
  expect(await domain.state()).toBe('running');
  await waitFor('the guest to boot', () => domain.lines().slice(boots).at(-1) === 'boot disk');
  expect(isProcess(pid)).toBe('the same');
});

test('a power cycle leaves the domain off for a second at least', async () => {
  await domain.bringTo('running');
  events = '';
  expect(await chassisOf(lab.bmc(0)).control('powerCycle')).toBe(0);
  const [, stopped, started] = await waitFor('libvirt to tell both', () =>
    /^(\S+ \S+): [^\n]*: Stopped Destroyed\n(?:.*\n)*?(\S+ \S+): [^\n]*: Started Booted$/m.exec(events),
  );
  const offMs = Date.parse(started ?? '') - Date.parse(stopped ?? '');
  printFigure('power cycle, time between libvirt’s events Stopped and Started', `${offMs} ms`);
  expect(offMs).toBeGreaterThanOrEqual(1_000);
});
