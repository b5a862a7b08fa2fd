import { LookupQueue } from '#supervisor/worker/lookup-queue.ts';
import {
  LOOKUP_LIMIT_MS,
  MOST_LOOKUPS,
  MOST_SLOW_LOOKUPS,
} from '#supervisor/supervision/supervision-times.ts';
import { ScriptedResolver } from '#support/supervisor/scripted-resolver.ts';
import { VirtualClock } from '#support/supervisor/virtual-clock.ts';

function queue() {
  const clock = new VirtualClock();
  const resolver = new ScriptedResolver();
  const told: string[] = [];
  const lookups = new LookupQueue(clock, resolver.resolve);
  const ask = (...names: readonly string[]): void => {
    for (const name of names) {
      lookups.add({
        name,
        late: () => told.push(`${name} is late`),
        ended: (result) =>
          told.push(`${name}: ${'failure' in result ? result.failure : result.addresses.join()}`),
      });
    }
  };
  return { clock, resolver, told, ask };
}

test('a few at a time, in order', async () => {
  const { resolver, told, ask } = queue();
  ask('a', 'b', 'c');
  expect(MOST_LOOKUPS).toBe(2);
  expect(resolver.waiting).toEqual(['a', 'b']);
  await resolver.answers('b', '192.0.2.2');
  expect(resolver.waiting).toEqual(['a', 'c']);
  await resolver.fails('a', 'ENOTFOUND');
  await resolver.answers('c', '192.0.2.3');
  expect(told).toEqual(['b: 192.0.2.2', 'a: it has no address (ENOTFOUND)', 'c: 192.0.2.3']);
});

test('one that takes too long is told, keeps its place, and still counts when it ends', async () => {
  const { clock, resolver, told, ask } = queue();
  ask('a');
  clock.advance(LOOKUP_LIMIT_MS - 1);
  expect(told).toEqual([]);
  clock.advance(1);
  expect(told).toEqual(['a is late']);
  await resolver.answers('a', '192.0.2.1');
  expect(told).toEqual(['a is late', 'a: 192.0.2.1']);
  expect(clock.pendingTimers).toBe(0);
});

test('names that hang leave a place for the others, and get it back once they are answered in time', async () => {
  const { clock, resolver, ask } = queue();
  ask('h1', 'h2', 'good');
  clock.advance(LOOKUP_LIMIT_MS);
  // What hangs without having hung before may keep all places, once.
  expect(resolver.waiting).toEqual(['h1', 'h2']);
  await resolver.fails('h1', 'EAI_AGAIN');
  await resolver.fails('h2', 'EAI_AGAIN');
  await resolver.answers('good', '192.0.2.1');

  ask('h1', 'h2', 'good', 'better');
  expect(MOST_SLOW_LOOKUPS).toBe(1);
  expect(resolver.waiting).toEqual(['h1', 'good']);
  await resolver.answers('good', '192.0.2.1');
  expect(resolver.waiting).toEqual(['h1', 'better']);
  await resolver.answers('better', '192.0.2.2');
  expect(resolver.waiting).toEqual(['h1']);

  await resolver.answers('h1', '192.0.2.3');
  expect(resolver.waiting).toEqual(['h2']);
  ask('h1');
  expect(resolver.waiting).toEqual(['h2', 'h1']);
});
