import { CallGate, LONG_START_MS, type GatePass } from '#worker/libvirt/call-gate.ts';

function gateWithLog(): { gate: CallGate; log: string[]; woken: () => number } {
  const log: string[] = [];
  const gate = new CallGate({
    changed: (unanswered) => log.push(unanswered.map(({ verb }) => verb).join(' ')),
  });
  let count = 0;
  const listen = (): void => {
    gate.onChange(() => {
      count += 1;
      listen();
    });
  };
  listen();
  return { gate, log, woken: () => count };
}

type Step = (gate: CallGate, passes: Map<string, GatePass>) => void;
function enters(verb: string): Step {
  return (gate, passes) => passes.set(verb, gate.enter(verb, 100));
}
function isOwed(verb: string): Step {
  return (_gate, passes) => passes.get(verb)?.owed();
}
function ends(verb: string): Step {
  return (_gate, passes) => passes.get(verb)?.ended();
}
function held(gate: CallGate): void {
  gate.hold(7);
}
function released(gate: CallGate): void {
  gate.release();
}

/** What keeps a further `domstate` and a further `destroy` back after these steps. */
const table: readonly (readonly [
  what: string,
  steps: readonly Step[],
  domstate: object | undefined,
  destroy: object | undefined,
])[] = [
  ['nothing', [], undefined, undefined],
  ['a call', [enters('reset')], { verb: 'reset', isOwed: false }, undefined],
  ['a call that is owed', [enters('reset'), isOwed('reset')], { verb: 'reset', isOwed: true }, undefined],
  ['one that has ended', [enters('reset'), isOwed('reset'), ends('reset')], undefined, undefined],
  ['a start', [enters('start')], { verb: 'start', isOwed: false }, undefined],
  ['a start that is owed', [enters('start'), isOwed('start')], { verb: 'start', isOwed: true }, undefined],
  [
    'a question about all domains beside a start',
    [enters('start'), enters('domstats')],
    { verb: 'domstats', isOwed: false },
    undefined,
  ],
  [
    'the same, and it is owed',
    [enters('start'), isOwed('start'), enters('domstats'), isOwed('domstats')],
    { verb: 'domstats', isOwed: true },
    undefined,
  ],
  [
    'a start that has ended, and the question about all domains has not',
    [enters('start'), enters('domstats'), isOwed('domstats'), ends('start')],
    undefined,
    undefined,
  ],
  ['a destroy', [enters('destroy')], undefined, { verb: 'destroy', isOwed: false }],
  [
    'a destroy that is owed',
    [enters('destroy'), isOwed('destroy')],
    { verb: 'destroy', isOwed: true },
    { verb: 'destroy', isOwed: true },
  ],
  [
    'a destroy beside a call',
    [enters('reset'), isOwed('reset'), enters('destroy')],
    { verb: 'reset', isOwed: true },
    { verb: 'destroy', isOwed: false },
  ],
  ['an answer owed to another process', [held], { since: 7, isOwed: true }, undefined],
  ['one that has come', [held, released], undefined, undefined],
  ['a call, and another process', [enters('reset'), held], { verb: 'reset', isOwed: false }, undefined],
  ['a start, and another process', [enters('start'), held], { verb: 'start', isOwed: false }, undefined],
  ['a define', [enters('define')], { verb: 'define', isOwed: false }, undefined],
  ['a define that is owed', [enters('define'), isOwed('define')], undefined, undefined],
  ['the other process alone', [enters('reset'), held, ends('reset')], { since: 7, isOwed: true }, undefined],
];

test.each(table)('%s', (_what, steps, domstate, destroy) => {
  const { gate } = gateWithLog();
  const passes = new Map<string, GatePass>();
  for (const step of steps) step(gate, passes);
  const matches = (wanted: object | undefined): unknown => wanted && expect.objectContaining(wanted);
  expect(gate.obstacle('domstate')).toEqual(matches(domstate));
  expect(gate.obstacle('destroy')).toEqual(matches(destroy));
});

test('reports what libvirt owes, once per change, and wakes those that wait', () => {
  const { gate, log, woken } = gateWithLog();
  const start = gate.enter('start', 1);
  start.owed();
  start.owed();
  const destroy = gate.enter('destroy', 2);
  destroy.owed();
  expect(log).toEqual(['start', 'start destroy']);
  start.ended();
  start.ended();
  destroy.ended();
  expect(log).toEqual(['start', 'start destroy', 'destroy', '']);
  expect(woken()).toBe(4);
  const quick = gate.enter('domstate', 3);
  quick.ended();
  quick.owed();
  expect(log).toHaveLength(4);
  expect(gate.unanswered).toEqual([]);
});

test.each(['start', 'reset'])('no question about the domain alone runs beside a call: %s', (verb) => {
  const gate = new CallGate();
  gate.enter(verb, 1);
  const verbs = [
    'start',
    'metadata',
    'domuuid',
    'domid',
    'domname',
    'dominfo',
    'dumpxml',
    'domstate',
    'reset',
  ];
  for (const other of [...verbs, 'managedsave-remove', 'qemu-monitor-command', 'define'])
    expect(gate.obstacle(other)).toMatchObject({ verb });
});

function allOwed(gate: CallGate): void {
  gate.noteAllDomains(true);
}
function allAnswered(gate: CallGate): void {
  gate.noteAllDomains(false);
}

/** Whether a question about all domains may take the place of one about this domain, some time after these steps. */
test.each<readonly [what: string, steps: readonly Step[], mayAsk: boolean]>([
  ['nothing', [], false],
  ['a reset', [enters('reset')], false],
  ['a destroy', [enters('destroy')], false],
  ['a define', [enters('define')], false],
  ['a define that is owed', [enters('define'), isOwed('define')], false],
  ['a start', [enters('start')], true],
  ['a start that is owed', [enters('start'), isOwed('start')], true],
  ['a start that has ended', [enters('start'), ends('start')], false],
  ['a start, and another such question', [enters('start'), enters('domstats')], false],
  ['another that is owed', [enters('start'), enters('domstats'), isOwed('domstats')], false],
  ['another that has ended', [enters('start'), enters('domstats'), ends('domstats')], true],
  ['another from beside an earlier start', [enters('domstats'), isOwed('domstats'), enters('start')], false],
  ['a start and a destroy', [enters('start'), enters('destroy')], true],
  ['a start, and a destroy that is owed', [enters('start'), enters('destroy'), isOwed('destroy')], false],
  ['a start, and an answer owed to another process', [enters('start'), held], false],
  ['a start, and one that has come', [enters('start'), held, released], true],
  ['a start, and libvirt does not answer about some domain', [enters('start'), allOwed], false],
  ['a start, and libvirt answers about all again', [enters('start'), allOwed, allAnswered], true],
])('a question about all domains beside %s: %p', (_what, steps, mayAsk) => {
  const { gate } = gateWithLog();
  const passes = new Map<string, GatePass>();
  for (const step of steps) step(gate, passes);
  expect(gate.mayAskAllFrom).toBe(mayAsk ? 100 + LONG_START_MS : undefined);
});

test('a question about all domains keeps nothing back once the start has ended, and is told last', () => {
  const { gate, log } = gateWithLog();
  const start = gate.enter('start', 1);
  gate.enter('domstats', 2).owed();
  start.owed();
  gate.enter('destroy', 3).owed();
  start.ended();
  expect(log).toEqual(['domstats', 'start domstats', 'start destroy domstats', 'destroy domstats']);
  const other = new CallGate();
  other.enter('domstats', 1).owed();
  for (const verb of ['start', 'define', 'metadata', 'domstate', 'destroy'])
    expect(other.obstacle(verb)).toBeUndefined();
});

test('tells when a start is about to begin, and when libvirt has answered', () => {
  const told: boolean[] = [];
  const startChanged = (isUnderWay: boolean): void => void told.push(isUnderWay);
  const gate = new CallGate({ changed: () => undefined, startChanged });
  gate.enter('metadata', 1).ended();
  const start = gate.enter('start', 2);
  expect(told).toEqual([true]);
  start.owed();
  gate.enter('destroy', 3).destroyed();
  expect(told).toEqual([true]);
  start.ended();
  start.ended();
  expect(told).toEqual([true, false]);
});

test('wakes those that wait when libvirt answers about all domains again', () => {
  const { gate, woken } = gateWithLog();
  gate.noteAllDomains(true);
  gate.noteAllDomains(false);
  expect(woken()).toBe(2);
});

test('a define that is owed waits for another domain, and keeps back the next define only', () => {
  const { gate, log } = gateWithLog();
  const define = gate.enter('define', 1);
  for (const verb of ['define', 'start', 'metadata', 'domstate'])
    expect(gate.obstacle(verb)).toMatchObject({ verb: 'define', isOwed: false });
  define.owed();
  for (const verb of ['start', 'metadata', 'domstate', 'destroy'])
    expect(gate.obstacle(verb)).toBeUndefined();
  expect(gate.obstacle('define')).toMatchObject({ verb: 'define', isOwed: true });
  gate.enter('start', 2);
  expect(gate.obstacle('metadata')).toMatchObject({ verb: 'start' });
  define.ended();
  expect(log).toEqual(['define', '']);
  expect(gate.obstacle('define')).toMatchObject({ verb: 'start' });
});

test('a call that ended does not end the next one', () => {
  const gate = new CallGate();
  const first = gate.enter('domstate', 1);
  first.ended();
  gate.enter('domuuid', 2);
  first.ended();
  expect(gate.obstacle('domstate')).toMatchObject({ verb: 'domuuid' });
});

test.each([
  ['domstate', true, true],
  ['domstate', false, false],
  ['start', true, false],
  ['define', true, false],
  ['domstats', true, false],
])('a destroy that succeeds ends an older call: %s, owed %p: %p', (verb, isOwed, isEnded) => {
  const { gate, log } = gateWithLog();
  let kills = 0;
  const older = gate.enter(verb, 1, () => (kills += 1));
  if (isOwed) older.owed();
  const destroy = gate.enter('destroy', 2);
  destroy.ended();
  destroy.destroyed();
  expect(kills).toBe(isEnded ? 1 : 0);
  if (verb !== 'domstats') expect(gate.obstacle(verb) === undefined).toBe(isEnded);
  // The killed virsh ends a moment later.
  if (isEnded) older.ended();
  expect(log).toEqual(isEnded ? [verb, ''] : isOwed ? [verb] : []);
});

test('a destroy that libvirt has carried out ends the wait for what another process is owed', () => {
  const gate = new CallGate();
  let woken = 0;
  gate.hold(7);
  const destroy = gate.enter('destroy', 8);
  gate.onChange(() => (woken += 1));
  destroy.ended();
  expect(gate.obstacle('domstate')).toEqual({ since: 7, isOwed: true });
  gate.onChange(() => (woken += 1));
  destroy.destroyed();
  expect(gate.obstacle('domstate')).toBeUndefined();
  expect(woken).toBe(2);
});
