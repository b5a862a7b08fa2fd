/** What the domain watch tells of definitions that are written, renamed and removed. */
import { DomainUuids } from '#supervisor/domain-watch/domain-uuids.ts';
import { uuidOf, watchScene as scene, type WatchScene } from '#support/supervisor/watch-scene.ts';

/** As libvirt 9.0 prints them, with what is published of a domain that is off. */
const events: [change: string, published: string[]][] = [
  ['Defined Added', ['a definition changed']],
  ['Defined Updated', ['a definition changed']],
  ['Defined Renamed', ['a definition changed']],
  ['Defined From snapshot', ['a definition changed']],
  ['Undefined Removed', ['a unknown']],
  ['Undefined Renamed', ['a unknown']],
];

function happens({ stream }: WatchScene, change: string): void {
  stream().prints(`event 'lifecycle' for domain 'a': ${change}`);
}

test.each(events)('%s, and the UUID is unknown until a snapshot has seen it', (change, published) => {
  const at = scene();
  at.up();
  happens(at, change);
  expect(at.published).toEqual(published);
  happens(at, 'Started Booted');
  expect(at.publishedUuids.at(-1)).toBeUndefined();
  at.clock.advance(1_000);
  at.snapshot(['a', 1]);
  happens(at, 'Started Booted');
  expect(at.publishedUuids.at(-1)).toBe(uuidOf('a'));
});

test('a running domain that loses its definition keeps its state', () => {
  const at = scene();
  at.up();
  happens(at, 'Started Booted');
  happens(at, 'Undefined Removed');
  expect(at.published).toEqual(['a running started', 'a definition changed']);
});

test('other domains of the connection hear nothing', () => {
  const at = scene();
  at.subscribe('b');
  at.up();
  happens(at, 'Defined Updated');
  expect(at.published).toEqual(['a definition changed']);
});

test('while the states are not trusted nothing is told: the BMC knows that it knows nothing', () => {
  const at = scene();
  at.subscribe();
  at.connect();
  happens(at, 'Defined Updated');
  expect(at.published).toEqual([]);
});

test('the UUID of a snapshot that began before the change is not believed', () => {
  const uuids = new DomainUuids();
  uuids.beginSnapshot();
  uuids.forget('a ');
  uuids.endSnapshot(new Map([['a', uuidOf('a')]]));
  expect(uuids.get('a ')).toBeUndefined();
  uuids.beginSnapshot();
  uuids.endSnapshot(new Map([['a', uuidOf('b')]]));
  expect(uuids.get('a ')).toBe(uuidOf('b'));
});
