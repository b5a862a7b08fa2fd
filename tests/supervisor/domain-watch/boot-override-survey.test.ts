import type { ScriptedVirsh } from '#support/supervisor/scripted-virsh.ts';
import { uuidOf, watchScene as scene } from '#support/supervisor/watch-scene.ts';

describe('boot overrides', () => {
  const answer = (
    virsh: ScriptedVirsh,
    ...found: readonly (readonly [name: string, element?: string])[]
  ): void => {
    for (const [name, element] of found)
      virsh.prints(uuidOf(name), ...(element === undefined ? [] : [element]));
    virsh.prints('surveyed');
    virsh.ends('virsh ended with exit code 1');
  };

  test('are looked for by one virsh when the watch is up and the fleet has started', () => {
    const { watches, surveys, latestSurvey, overrides, subscribe, connect, snapshotTwice } = scene();
    for (const name of ['a', 'b', 'gone']) subscribe(name);
    watches.beginSurveys();
    connect();
    expect(surveys).toHaveLength(0);
    snapshotTwice(['a', 5], ['b', 1]);
    expect(overrides).toEqual(['gone unknown']);
    expect(surveys).toHaveLength(1);
    expect(latestSurvey().command.args[0]).toMatch(`--domain ${uuidOf('a')}`);
    answer(latestSurvey(), ['a'], ['b', '<bootOverride/>']);
    expect(overrides.slice(1)).toEqual(['a ', 'b <bootOverride/>']);
  });

  test('of later subscribers follow, once the fleet has started', () => {
    const { watches, surveys, latestSurvey, overrides, subscribe, connect, snapshotTwice } = scene();
    subscribe('a');
    connect();
    snapshotTwice(['a', 5], ['b', 1]);
    expect(surveys).toHaveLength(0);
    watches.beginSurveys();
    const leave = subscribe('b');
    subscribe('b');
    answer(latestSurvey(), ['a']);
    expect(surveys).toHaveLength(2);
    leave();
    answer(latestSurvey(), ['b']);
    expect(overrides).toEqual(['a ', 'b ']);
  });

  test('that libvirt does not report are published as unknown, and wait while libvirt is away', () => {
    const { watches, clock, stream, surveys, latestSurvey, overrides, ...rest } = scene();
    watches.beginSurveys();
    rest.up();
    latestSurvey().ends('virsh ended with exit code 1');
    expect(overrides).toEqual(['a unknown']);
    rest.subscribe('a');
    stream().ends();
    latestSurvey().complains('error: Disconnected');
    latestSurvey().ends('virsh ended with exit code 1');
    expect(overrides).toHaveLength(1);
    clock.advance(250);
    rest.connect();
    rest.snapshotTwice(['a', 1]);
    answer(latestSurvey(), ['a']);
    expect(overrides.slice(1)).toEqual(['a ']);
    expect(surveys).toHaveLength(3);
  });

  test('without a subscriber left are not waited for', () => {
    const { watches, clock, surveys, latestSurvey, overrides, subscribe, connect, snapshotTwice } = scene();
    watches.beginSurveys();
    const leave = subscribe('a');
    connect();
    snapshotTwice(['a', 5], ['b', 1]);
    const leaveLate = subscribe('b');
    expect(surveys).toHaveLength(1);
    leave();
    expect(surveys.map(({ killed }) => killed)).toEqual([false, false]);
    expect(latestSurvey().command.args[0]).toMatch(`--domain ${uuidOf('b')}`);
    leaveLate();
    for (const survey of surveys) answer(survey, ['a'], ['b']);
    expect(clock.pendingTimers).toBe(0);
    expect(overrides).toEqual([]);
  });

  test('of two BMCs of one domain are asked for once', () => {
    const { watches, latestSurvey, overrides, subscribe, connect, snapshotTwice } = scene();
    for (const name of ['a', 'a', 'b']) subscribe(name);
    watches.beginSurveys();
    connect();
    snapshotTwice(['a', 5], ['b', 1]);
    answer(latestSurvey(), ['a', '<bootOverride/>'], ['b']);
    expect(overrides).toEqual(['a <bootOverride/>', 'a <bootOverride/>', 'b ']);
  });

  test('are looked for a hundred at a time', () => {
    const { watches, surveys, latestSurvey, overrides, subscribe, connect, snapshotTwice } = scene();
    const names = Array.from({ length: 101 }, (_unused, index) => `d${index}`);
    for (const name of names) subscribe(name);
    watches.beginSurveys();
    connect();
    snapshotTwice(...names.map((name) => [name, 1] as const));
    answer(latestSurvey(), ...names.slice(0, 100).map((name) => [name] as const));
    expect(overrides).toHaveLength(100);
    answer(latestSurvey(), ['d100']);
    expect(overrides).toHaveLength(101);
    expect(surveys).toHaveLength(2);
  });

  test('of a domain about which libvirt does not answer are looked for later, and those of the others at once', () => {
    const { watches, clock, surveys, latestSurvey, overrides, published, ...rest } = scene();
    for (const name of ['a', 'b', 'c']) rest.subscribe(name);
    watches.beginSurveys();
    rest.connect();
    rest.snapshotTwice(['a', 1], ['b', 1], ['c', 1]);
    const stuck = latestSurvey();
    stuck.prints(uuidOf('a'), '<bootOverride/>', uuidOf('b'));
    clock.advance(10_000);
    expect(stuck.runs).toBe(true);
    expect(overrides).toEqual(['a <bootOverride/>']);
    expect(published.at(-1)).toBe('b unanswered 10000');
    expect(latestSurvey().command.args[0]).not.toMatch(uuidOf('b'));
    answer(latestSurvey(), ['c']);
    expect(overrides.slice(1)).toEqual(['c ']);
    expect(surveys).toHaveLength(2);
    clock.advance(600_000);
    expect(surveys).toHaveLength(2);

    stuck.prints(uuidOf('c'));
    expect(stuck.killed).toBe(true);
    expect(surveys).toHaveLength(3);
    answer(latestSurvey(), ['b']);
    expect(overrides.slice(2)).toEqual(['b ']);
  });

  test('are looked for by two virsh that hang, and by no third', () => {
    const { watches, clock, surveys, latestSurvey, overrides, ...rest } = scene();
    for (const name of ['a', 'b', 'c']) rest.subscribe(name);
    watches.beginSurveys();
    rest.connect();
    rest.snapshotTwice(['a', 1], ['b', 1], ['c', 1]);
    latestSurvey().prints(uuidOf('a'));
    clock.advance(10_000);
    latestSurvey().prints(uuidOf('b'));
    clock.advance(10_000);
    clock.advance(600_000);
    expect(surveys.map(({ runs }) => runs)).toEqual([true, true]);
    expect(overrides).toEqual([]);
  });
});
