import { judgeBoots, nextBoot, overrideAfter, type Override } from './boot-model.ts';
import type { ChaosCommand } from './command.ts';

const once: Override = { device: 'pxe', persistent: false, since: 1_000 };
const always: Override = { ...once, persistent: true };
const cycle: ChaosCommand = { verb: 'power', power: 'cycle' };

test('what the next boot comes from', () => {
  expect(nextBoot(undefined, 0)).toBe('disk');
  expect(nextBoot(once, 2_000)).toBe('pxe');
  expect(nextBoot(once, 61_000)).toBeUndefined();
  expect(nextBoot(always, 61_000)).toBe('pxe');
});

test('a boot uses up a one-shot override', () => {
  expect(overrideAfter(once, cycle, { boots: 1, at: 2_000 })).toBeUndefined();
  expect(overrideAfter(once, cycle, { boots: 0, at: 2_000 })).toEqual(once);
  expect(overrideAfter(always, cycle, { boots: 1, at: 2_000 })).toEqual(always);
});

test('an acknowledged boot device takes the place of the last', () => {
  const set = (device: 'cdrom' | 'none') =>
    overrideAfter(once, { verb: 'bootdev', device, persistent: false }, { boots: 0, at: 5_000 });
  expect(set('cdrom')).toEqual({ device: 'cdrom', persistent: false, since: 5_000 });
  expect(set('none')).toBeUndefined();
});

describe('the boots of a guest', () => {
  const expected = { count: 1, device: 'pxe', isExact: true } as const;

  test('as they must be', () => {
    expect(judgeBoots(['boot net0'], expected)).toEqual([]);
    expect(judgeBoots([], { ...expected, count: 0 })).toEqual([]);
    expect(judgeBoots(['boot disk', 'boot net0'], { ...expected, isExact: false })).toEqual([]);
    expect(judgeBoots(['boot disk'], { ...expected, device: undefined })).toEqual([]);
  });

  test.each([
    ['none', []],
    ['two', ['boot net0', 'boot net0']],
    ['another device', ['boot disk']],
  ])('%s: found', (_what, said) => {
    expect(judgeBoots(said, expected)).toHaveLength(1);
  });

  test('an inexact count still needs one boot, from the device', () => {
    expect(judgeBoots([], { ...expected, isExact: false })).toHaveLength(1);
    expect(judgeBoots(['boot net0', 'boot disk'], { ...expected, isExact: false })).toHaveLength(1);
  });
});
