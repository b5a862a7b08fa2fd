import fc from 'fast-check';
import { logFactFields, type LogEntry } from '@vbmc/bmc-worker/ipc';
import {
  entryLine,
  noNotes,
  notesLine,
  parseJournal,
  removalLine,
  renderJournal,
} from '#supervisor/event-log/log-journal.ts';

const HEADER = '{"version":1}\n';
const one: LogEntry = { id: 1, at: 100, fact: { kind: 'power', state: 'working' } };
const two: LogEntry = { id: 2, at: 200, fact: { kind: 'record', hex: '00'.repeat(16) } };

test('what is written is read again', () => {
  const notes = { ...noNotes, lastId: 9, clockOffset: -5, power: 'softOff', operatingSeconds: 7 } as const;
  expect(parseJournal(renderJournal([one, two], notes))).toMatchObject({
    ...{ entries: [one, two], notes, isTorn: false },
  });
});

test('lines add, remove and replace, in their order', () => {
  const text = HEADER + entryLine(one) + notesLine(noNotes) + entryLine(two) + removalLine(1);
  expect(parseJournal(text)).toMatchObject({
    entries: [two],
    notes: { lastId: 2, lastAddition: 200 },
    lines: 4,
  });
  // vbmcd may end between an entry about the power and the note of it.
  expect(
    parseJournal(HEADER + notesLine({ ...noNotes, power: 'softOff' }) + entryLine(one))?.notes.power,
  ).toBe('working');
});

test('a line that was cut is left out, wherever it was cut', () => {
  const text = HEADER + entryLine(one) + entryLine(two);
  for (let length = HEADER.length + entryLine(one).length; length < text.length; length += 1) {
    const isTorn = length > HEADER.length + entryLine(one).length;
    expect(parseJournal(text.slice(0, length))).toMatchObject({ entries: [one], isTorn });
  }
});

test.each([
  ['nothing', ''],
  ['another version', '{"version":2}\n'],
  ['nothing but damage', `${HEADER}{\n\n`],
])('%s is not understood', (_, text) => {
  expect(parseJournal(text)).toBeUndefined();
});

test.each([
  ['no JSON', '{\n'],
  ['an id out of range', entryLine({ ...one, id: 0xffff })],
  ['a time that is none', entryLine({ ...one, at: -1 })],
  ['an unknown fact', entryLine({ ...one, fact: { kind: 'toString' } as never })],
  ['an unknown field', entryLine({ ...one, fact: { kind: 'nmi', extra: 1 } as never })],
  ['an unknown value', entryLine({ ...one, fact: { kind: 'power', state: 'up' } as never })],
  ['a record of 15 bytes', entryLine({ ...two, fact: { kind: 'record', hex: '00'.repeat(15) } })],
  ['notes with a wrong field', notesLine({ ...noNotes, power: 'up' as never })],
  ['bytes of a bad disk', '\0'.repeat(40) + '\n'],
])('%s costs one line', (_, line) => {
  expect(parseJournal(HEADER + entryLine(one) + line + entryLine(two))).toMatchObject({
    ...{ entries: [one, two], notes: { lastId: 2 }, unreadable: 1, isTorn: false },
  });
});

test('no text makes it throw', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.string(), fc.json()), { maxLength: 5 }), (lines) => {
      parseJournal(HEADER + lines.join('\n'));
    }),
  );
});

test('every kind of fact can be read', () => {
  for (const kind of Object.keys(logFactFields)) {
    const table: Readonly<Record<string, unknown>> = logFactFields[kind as keyof typeof logFactFields];
    const fields = Object.entries(table).flatMap(([name, rule]): [string, unknown][] => {
      if (rule === 'shortText') return [[name, 'ab'.repeat(16)]];
      const { oneOf } = rule as { oneOf?: readonly string[] };
      return oneOf === undefined ? [] : [[name, oneOf[0]]];
    });
    const fact = { kind, ...Object.fromEntries(fields) } as LogEntry['fact'];
    expect(parseJournal(HEADER + entryLine({ ...one, fact }))?.entries).toEqual([{ ...one, fact }]);
  }
});
