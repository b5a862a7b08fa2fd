import { withoutBadFiles, type AppliedFiles } from '#supervisor/fleet/without-bad-files.ts';
import type { BmcSettings, InventoryEntry } from '#supervisor/inventory/inventory.ts';
import { parseInventory } from '#supervisor/inventory/parse-inventory.ts';
import { virtualBmcSection } from '#supervisor/inventory/virtualbmc-section.ts';

/** BMCs by name and port; a port that is none makes the entry invalid. */
type Ports = Readonly<Record<string, number>>;

function own(ports: Ports): readonly BmcSettings[] {
  const text = Object.entries(ports).map(([name, port]) => `[${name}]\npassword = x\nport = ${port}\n`);
  return parseInventory(text.join('')).entries.flatMap((entry) => (entry.valid ? [entry.settings] : []));
}

function theirs(ports: Ports, inventory: Ports = {}): readonly InventoryEntry[] {
  const virtualBmcs = Object.entries(ports).map(([name, port]) =>
    virtualBmcSection({
      name,
      path: `/theirs/${name}/config`,
      content: {
        ok: true,
        text: `[VirtualBMC]\npassword = x\nport = ${port}\nactive = True\n`,
        isOwn: false,
      },
    }),
  );
  const text = Object.entries(inventory).map(([name, port]) => `[${name}]\npassword = x\nport = ${port}\n`);
  return parseInventory(text.join(''), { virtualBmcs }).entries.filter(({ file }) => file !== undefined);
}

function applied(ports: Ports): AppliedFiles {
  const settings = theirs(ports).flatMap((entry) => (entry.valid ? [entry.settings] : []));
  return new Map(settings.map((one) => [one.name, one]));
}

interface Case {
  readonly own?: Ports;
  readonly theirs: Ports;
  readonly before?: Ports;
  readonly isComplete?: boolean;
}

function settle(given: Case) {
  const {
    wanted,
    refused,
    unread,
    theirs: after,
  } = withoutBadFiles(
    {
      own: own(given.own ?? {}),
      theirs: theirs(given.theirs, given.own),
      isComplete: given.isComplete ?? true,
    },
    applied(given.before ?? {}),
  );
  return {
    wanted: Object.fromEntries(wanted.map(({ name, port }) => [name, port])),
    refused: refused.map(({ name }) => name),
    unread,
    after: [...after.keys()],
  };
}

const BAD = 70_000;

test.each<[string, Case, Partial<ReturnType<typeof settle>>]>([
  ['right files apply', { own: { s: 1 }, theirs: { a: 2 } }, { wanted: { s: 1, a: 2 }, refused: [] }],
  [
    'a bad file keeps its BMC as it was, and no other',
    { own: { s: 1 }, theirs: { a: BAD, b: 4, c: 5 }, before: { a: 2, b: 3 } },
    { wanted: { s: 1, a: 2, b: 4, c: 5 }, refused: ['a'], after: ['a', 'b', 'c'] },
  ],
  [
    'a bad file of a new BMC starts nothing',
    { theirs: { a: BAD, b: 3 } },
    { wanted: { b: 3 }, refused: ['a'], after: ['b'] },
  ],
  [
    'a file that is gone takes its BMC away',
    { theirs: { b: 3 }, before: { a: 2, b: 3 } },
    { wanted: { b: 3 } },
  ],
  [
    'a new file does not get the port of a BMC that stays',
    { theirs: { a: 2, node: BAD }, before: { node: 2 } },
    { wanted: { node: 2 }, refused: expect.arrayContaining(['a', 'node']) as string[] },
  ],
  [
    'a new file that comes first by its name does not get the port of one that runs',
    { theirs: { a: 2, node: 2 }, before: { node: 2 } },
    { wanted: { node: 2 }, refused: expect.arrayContaining(['a']) as string[] },
  ],
  [
    'two that take the port of each other, one of them badly',
    { theirs: { a: 3, b: BAD }, before: { a: 2, b: 3 } },
    { wanted: { a: 2, b: 3 }, refused: expect.arrayContaining(['a', 'b']) as string[] },
  ],
  [
    'the inventory itself takes the port of a BMC that would stay',
    { own: { s: 2 }, theirs: { a: BAD }, before: { a: 2 } },
    { wanted: { s: 2 }, refused: ['a'], after: [] },
  ],
  [
    'an unreadable directory keeps all its BMCs',
    { own: { s: 1, b: 9 }, theirs: {}, before: { a: 2, b: 3 }, isComplete: false },
    { wanted: { s: 1, b: 9, a: 2 }, refused: [], unread: ['a'] },
  ],
])('%s', (_, given, expected) => {
  expect(settle(given)).toMatchObject(expected);
});

test('a whole directory that takes ports in a chain is settled at once', () => {
  const names = Array.from({ length: 300 }, (_, index) => `n${1000 + index}`);
  const before = Object.fromEntries(names.map((name, index) => [name, 1000 + index]));
  // Each wants the port of the next one; the last one is wrong, so none of them is free.
  const wrong = Object.fromEntries(
    names.map((name, index) => [name, index === names.length - 1 ? BAD : 1001 + index]),
  );
  const settled = settle({ theirs: wrong, before });
  expect(settled.wanted).toEqual(before);
  expect(settled.refused).toHaveLength(names.length);
});
