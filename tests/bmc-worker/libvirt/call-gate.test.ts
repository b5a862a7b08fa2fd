import { CallGate, type GatePass } from '#worker/libvirt/call-gate.ts';

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
  ['a start', [enters('start')], undefined, undefined],
  ['a start that is owed', [enters('start'), isOwed('start')], undefined, undefined],
  [
    'a question beside a start',
    [enters('start'), enters('domstate'), isOwed('domstate')],
    { verb: 'domstate', isOwed: true },
    undefined,
  ],
  [
    'a start that has ended, and the question beside it has not',
    [enters('start'), enters('domstate'), ends('start')],
    { verb: 'domstate', isOwed: false },
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
  ['a start, and another process', [enters('start'), held], { since: 7, isOwed: true }, undefined],
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

test.each(['start', 'reset'])('nothing but a question runs beside a call: %s', (verb) => {
  const gate = new CallGate();
  gate.enter(verb, 1);
  for (const other of ['start', 'metadata', 'domuuid', 'reset'])
    expect(gate.obstacle(other)).toMatchObject({ verb });
  gate.enter('domstate', 2);
  expect(gate.obstacle('metadata')).toMatchObject({ verb: 'domstate' });
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
])('a destroy that succeeds ends an older call: %s, owed %p: %p', (verb, isOwed, isEnded) => {
  const { gate, log } = gateWithLog();
  let kills = 0;
  const older = gate.enter(verb, 1, () => (kills += 1));
  if (isOwed) older.owed();
  const destroy = gate.enter('destroy', 2);
  destroy.ended();
  destroy.destroyed();
  expect(kills).toBe(isEnded ? 1 : 0);
  expect(gate.obstacle(verb) === undefined).toBe(isEnded);
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
