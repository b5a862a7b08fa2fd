/** A snapshot that has read a domain before it changed, and ends after the change is known. */
import { watchScene, type WatchScene } from '#support/supervisor/watch-scene.ts';

const STARTED = "event 'lifecycle' for domain 'a': Started Booted";
const STOPPED = "event 'lifecycle' for domain 'a': Stopped Destroyed";

describe.each([
  ['off', 1, STOPPED, 'shut off', 'a shutOff'],
  ['on', 5, STARTED, 'running', 'a running'],
] as const)(
  'a domain goes %s while a snapshot and a call of its worker are under way',
  (_, number, event, word, now) => {
    /** After the event, and the answers to the worker and to the question that follows. */
    function changed(): WatchScene {
      const all = watchScene();
      all.subscribe('a');
      all.connect();
      all.snapshotTwice(['a', number]);
      for (const resyncMs of [2_000, 4_000, 8_000, 16_000, 30_000]) {
        all.clock.advance(resyncMs);
        all.snapshot(['a', number]);
      }
      all.clock.advance(30_000);
      all.forget();
      all.report('a', 'shutdown');
      all.stream().prints(event);
      all.report('a');
      all.answer('a', word);
      return all;
    }

    test('what the snapshot has read before is not published', () => {
      const all = changed();
      expect(all.published.at(-1)).toBe(now);
      all.forget();
      all.snapshot(['a', number]);
      expect(new Set(all.published)).not.toContain(number === 1 ? 'a running' : 'a shutOff');
    });

    test('another snapshot confirms it soon', () => {
      const { snapshot, snapshots, clock } = changed();
      snapshot(['a', number]);
      const taken = snapshots.length;
      clock.advance(1_000);
      expect(snapshots).toHaveLength(taken + 1);
    });
  },
);
