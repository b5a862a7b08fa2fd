/** A domain without a definition is gone when it stops, and is never told as off. */
import { PersistentDomains } from '#supervisor/domain-watch/persistent-domains.ts';
import { uuidOf, watchScene as scene, type WatchScene } from '#support/supervisor/watch-scene.ts';

function happens({ stream }: WatchScene, domainName: string, change: string): void {
  stream().prints(`event 'lifecycle' for domain '${domainName}': ${change}`);
}

/** Up, with `a` off, and `b` as it is. */
function upWith(persistence: 'transient' | undefined): WatchScene {
  const at = scene();
  at.up();
  at.subscribe('b');
  at.clock.advance(30_000);
  at.snapshot(['a', 5], persistence === undefined ? ['b', 1] : ['b', 1, persistence]);
  at.forget();
  return at;
}

test('one that a snapshot has found running without a definition', () => {
  const at = upWith('transient');
  happens(at, 'b', 'Shutdown Finished');
  happens(at, 'b', 'Stopped Shutdown');
  expect(at.published).toEqual(['b inShutdown', 'b unknown']);
  at.clock.advance(1_000);
  at.snapshot(['a', 5]);
  expect(at.published).toEqual(['b inShutdown', 'b unknown']);
});

test('one with a definition is off at once', () => {
  const at = upWith(undefined);
  happens(at, 'b', 'Stopped Destroyed');
  expect(at.published).toEqual(['b shutOff']);
});

test('one that lost its definition while it ran', () => {
  const at = upWith(undefined);
  happens(at, 'b', 'Undefined Removed');
  happens(at, 'b', 'Stopped Destroyed');
  expect(at.published).toEqual(['b definition changed', 'b unknown']);
});

test('one that was given a definition while it ran', () => {
  const at = upWith('transient');
  happens(at, 'b', 'Defined Added');
  happens(at, 'b', 'Stopped Destroyed');
  expect(at.published).toEqual(['b definition changed', 'b shutOff']);
});

test('one that comes and goes between two snapshots', () => {
  const at = scene();
  at.up();
  at.subscribe('new');
  at.forget();
  happens(at, 'new', 'Started Booted');
  happens(at, 'new', 'Stopped Failed');
  expect(at.published).toEqual(['new running started', 'new unknown']);
});

test('a stop of which the first snapshot has not told yet is confirmed by the next', () => {
  const at = scene();
  at.subscribe();
  at.connect();
  at.snapshot(['a', 1]);
  at.clock.advance(2_000);
  happens(at, 'a', 'Stopped Destroyed');
  at.snapshot(['a', 5]);
  expect(at.published.at(-1)).toBe('a shutOff');
});

test('an event since its begin overrides the snapshot', () => {
  const persistent = new PersistentDomains();
  persistent.beginSnapshot();
  persistent.note('a', false);
  persistent.note('b ', true);
  persistent.endSnapshot(
    new Map([
      ['a', uuidOf('a')],
      ['b', uuidOf('b')],
      ['c', uuidOf('c')],
    ]),
    new Set([uuidOf('b')]),
  );
  expect(['a', 'b ', 'c', 'd'].map((name) => persistent.has(name))).toEqual([false, true, true, false]);
});
