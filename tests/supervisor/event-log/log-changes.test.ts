import fc from 'fast-check';
import type { LogEntry } from '@vbmc/bmc-worker/ipc';
import { LogChanges } from '#supervisor/event-log/log-changes.ts';

function entry(id: number, at: number): LogEntry {
  return { id, at, fact: { kind: 'nmi' } };
}

test('whoever applies the changes has what the log has, from any version on', () => {
  // A number from 1 on adds or replaces that id at the end; a negative one removes it.
  const operations = fc.array(fc.integer({ min: -5, max: 5 }), { maxLength: 400 });
  fc.assert(
    fc.property(operations, fc.nat(400), (steps, from) => {
      const changes = new LogChanges();
      const log = new Map<number, LogEntry>();
      let known: { readonly version: number; readonly entries: readonly LogEntry[] } | undefined;
      steps.forEach((step, at) => {
        if (at === from) known = { version: changes.version, entries: [...log.values()] };
        const id = Math.abs(step);
        if (log.delete(id)) changes.take(id);
        if (step <= 0) return;
        log.set(id, entry(id, at));
        changes.take(entry(id, at));
      });
      const news = changes.since(known?.version);
      if (known === undefined || news === undefined) return;
      const kept = known.entries.filter(({ id }) => !news.removed.includes(id));
      expect([...kept, ...news.added]).toEqual([...log.values()]);
    }),
  );
});

test('a version that is too old, of another vbmcd, or before a clear has no changes', () => {
  const changes = new LogChanges();
  const first = changes.version;
  for (let id = 1; id <= 257; id += 1) changes.take(entry(id, 0));
  expect(changes.since(first)).toBeUndefined();
  expect(changes.since(changes.version + 1)).toBeUndefined();
  expect(changes.since(undefined)).toBeUndefined();
  expect(changes.since(changes.version)).toEqual({ removed: [], added: [] });
  const before = changes.version;
  changes.replaced();
  expect(changes.since(before)).toBeUndefined();
});
