/** The model that judges the random walk is judged here itself. */
import { allowsFlags, newDomain, type DomainModel, type Override, type Power } from './domain-model.ts';
import { expectationOf, isPossible, needsGuest } from './expectation.ts';
import { allOperations, describeOperation, type Operation, type PowerVerb } from './operation.ts';

const AT = 100;
const pxeOnce: Override = { device: 'pxe', persistent: false, surelyUntil: 150 };
const pxeAlways: Override = { device: 'pxe', persistent: true, surelyUntil: 150 };
const running: DomainModel = { ...newDomain, power: 'running', poweredOnBy: 'other' };

function expected(
  model: DomainModel,
  text: string,
  onCrash: 'destroy' | 'restart' | 'preserve' = 'preserve',
) {
  const operation = allOperations.find((each) => describeOperation(each) === text);
  if (operation === undefined) throw new Error(`no operation ${text}`);
  return expectationOf(model, operation, { at: AT, onCrash });
}

const PRESENT = 'Command not supported in present state';
type Row = readonly [power: Power, verb: PowerVerb, answer: string, after: Power, process: string];
const rows: readonly Row[] = [
  ['shut off', 'on', 'done', 'running', 'new'],
  ['shut off', 'off', 'done', 'shut off', 'none'],
  ['shut off', 'cycle', PRESENT, 'shut off', 'same'],
  ['shut off', 'reset', PRESENT, 'shut off', 'same'],
  ['shut off', 'soft', PRESENT, 'shut off', 'same'],
  ['running', 'on', 'done', 'running', 'same'],
  ['running', 'off', 'done', 'shut off', 'none'],
  ['running', 'cycle', 'done', 'running', 'new'],
  ['running', 'reset', 'done', 'running', 'same'],
  ['running', 'soft', 'done', 'shut off', 'none'],
  ['paused', 'on', 'done', 'running', 'same'],
  ['paused', 'off', 'done', 'shut off', 'none'],
  ['paused', 'cycle', 'done', 'running', 'new'],
  ['paused', 'reset', 'done', 'running', 'same'],
  ['paused', 'soft', 'done', 'shut off', 'none'],
  ['crashed', 'on', 'done', 'crashed', 'same'],
  ['crashed', 'off', 'done', 'shut off', 'none'],
  ['crashed', 'cycle', 'done', 'running', 'new'],
  ['crashed', 'reset', 'done', 'running', 'new'],
  ['crashed', 'soft', 'Unknown (0x01)', 'crashed', 'same'],
];
test.each(rows)('%s, ipmi power %s: %s, then %s, process %s', (power, verb, answer, after, process) => {
  const found = expected({ ...newDomain, power }, `ipmi power ${verb}`);
  expect(found.answer).toEqual(answer === 'done' ? 'done' : { refused: answer });
  expect(found.after.power).toBe(after);
  expect(found.process).toBe(process);
});

describe('what the machine boots from', () => {
  test.each([
    ['no override', undefined, 'disk', undefined],
    ['once', pxeOnce, 'pxe', undefined],
    ['persistent', pxeAlways, 'pxe', pxeAlways],
    ['once, and it may have expired', { ...pxeOnce, surelyUntil: AT }, undefined, undefined],
  ])('%s', (_what, override, bootsFrom, left) => {
    const boots = ['ipmi power cycle', 'ipmi power reset', 'virsh reset', 'guest reboot'];
    const found = boots.map((text) => expected({ ...running, override }, text).after);
    const started = ['ipmi power on', 'virsh start'].map(
      (text) => expected({ ...newDomain, override }, text).after,
    );
    for (const after of [...found, ...started])
      expect(after).toMatchObject({ guest: 'booting', bootsFrom, override: left });
  });

  test('a managed save image is resumed, unless a boot is asked for by IPMI', () => {
    const saved: DomainModel = { ...newDomain, image: 'paused', override: pxeOnce };
    expect(expected(saved, 'virsh start').after).toMatchObject({
      power: 'paused',
      guest: 'up',
      override: pxeOnce,
    });
    expect(expected(saved, 'ipmi power on').after).toMatchObject({
      power: 'running',
      bootsFrom: 'pxe',
      image: undefined,
    });
    expect(expected({ ...saved, override: undefined }, 'ipmi power on').after).toMatchObject({
      power: 'running',
      guest: 'up',
      image: undefined,
    });
    expect(expected(saved, 'ipmi power off').after).toMatchObject({
      power: 'shut off',
      image: undefined,
      override: pxeOnce,
    });
  });
});

test('last power event: a command if the machine was off and IPMI has started it', () => {
  const by = (model: DomainModel, text: string): string => expected(model, text).after.poweredOnBy;
  expect(['ipmi power on', 'virsh start'].map((text) => by(newDomain, text))).toEqual(['command', 'other']);
  expect(['ipmi power cycle', 'ipmi power reset', 'guest reboot'].map((text) => by(running, text))).toEqual([
    'command',
    'other',
    'other',
  ]);
  // A panic is no power-on, and what libvirt or an IPMI reset makes of it neither.
  const commanded: DomainModel = { ...running, poweredOnBy: 'command' };
  for (const onCrash of ['destroy', 'restart', 'preserve'] as const) {
    const after = expected(commanded, 'guest panic', onCrash).after;
    expect(after.poweredOnBy).toBe('command');
    if (after.power !== 'crashed') continue;
    expect(['ipmi power on', 'ipmi power off', 'ipmi power reset'].map((text) => by(after, text))).toEqual([
      'command',
      'command',
      'command',
    ]);
  }
});

test('the boot flags that may be told', () => {
  const none = { device: 'none', persistent: false } as const;
  const pxe = { device: 'pxe', persistent: false } as const;
  const allowed = (override: Override | undefined, at: number) =>
    [none, pxe, { ...pxe, persistent: true }].map((told) =>
      allowsFlags({ ...newDomain, override }, told, at),
    );
  expect(allowed(undefined, AT)).toEqual([true, false, false]);
  expect(allowed(pxeOnce, 149)).toEqual([false, true, false]);
  expect(allowed(pxeOnce, 150)).toEqual([true, true, false]);
  expect(allowed(pxeAlways, 1e9)).toEqual([false, false, true]);
});

test('who writes the definition takes an override away, and a snapshot brings it back', () => {
  const armed: DomainModel = { ...running, override: pxeAlways };
  for (const text of ['virsh define', 'virsh redefine', 'ipmi bootdev none'])
    expect(expected(armed, text).after.override).toBeUndefined();
  expect(expected(armed, 'virsh replace').after).toMatchObject({ override: undefined, generation: 1 });
  const kept = expected(expected(armed, 'virsh snapshot').after, 'virsh define').after;
  expect(kept).toMatchObject({ override: undefined });
  expect(expected(kept, 'virsh revert').after).toMatchObject({
    power: 'running',
    override: { device: 'pxe', persistent: true },
  });
});

test('what a machine that came back from a snapshot boots from is open until the BMC resets it or it starts anew', () => {
  const back = expected(expected(running, 'virsh snapshot').after, 'virsh revert').after;
  const bootsFrom = (...texts: readonly string[]) =>
    texts.reduce((model, text) => expected(model, text).after, back).bootsFrom;
  expect(bootsFrom('guest reboot')).toBeUndefined();
  expect(bootsFrom('virsh reset')).toBeUndefined();
  expect(bootsFrom('ipmi power reset')).toBe('disk');
  expect(bootsFrom('ipmi power reset', 'guest reboot')).toBe('disk');
  expect(bootsFrom('virsh destroy', 'virsh start')).toBe('disk');
});

test.each([
  ['destroy', 'shut off', 'none'],
  ['preserve', 'crashed', 'same'],
  ['restart', 'running', 'same'],
] as const)('a guest that panics, on_crash %s: %s', (onCrash, power, process) => {
  expect(expected(running, 'guest panic', onCrash)).toMatchObject({ after: { power }, process });
});

test('only a running guest does something, and all that IPMI can ask may be asked', () => {
  const possible = (model: DomainModel, by: Operation['by']): boolean[] => [
    ...new Set(allOperations.filter((each) => each.by === by).map((each) => isPossible(model, each))),
  ];
  expect(possible(newDomain, 'guest')).toEqual([false]);
  expect(possible(running, 'guest')).toEqual([true]);
  for (const power of ['shut off', 'running', 'paused', 'crashed'] as const)
    expect(possible({ ...newDomain, power }, 'ipmi')).toEqual([true]);
});

test('power off does not wait for the guest', () => {
  const waits = allOperations.filter(needsGuest).map(describeOperation);
  expect(waits).not.toContain('ipmi power off');
  expect(waits).toContain('guest reboot');
});
