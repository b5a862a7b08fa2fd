import { afterEdit, compareEdits, compareListing, possibleEdits, readSections } from './inventory-state.ts';

const TEXT = `# edited 3 times by hand
[node-0]
domain_name = node-0
address = 127.0.0.1
port = 20001

[extra-1]
port = 20002
address = 127.0.0.1
active = no
`;
const file = readSections(TEXT);
const listed = [
  { name: 'node-0', domain: 'node-0', address: '127.0.0.1', port: 20001, status: 'running' },
  { name: 'extra-1', domain: 'extra-1', address: '127.0.0.1', port: 20002, status: 'stopped' },
] as const;

test('the sections of a file', () => {
  expect(file).toEqual([
    { name: 'node-0', domain: 'node-0', address: '127.0.0.1', port: 20001, isActive: true },
    { name: 'extra-1', domain: 'extra-1', address: '127.0.0.1', port: 20002, isActive: false },
  ]);
});

describe('the listing', () => {
  test('is as the file', () => {
    expect(compareListing(file, listed)).toEqual([]);
  });

  test.each([
    ['lacks a BMC', listed.slice(0, 1)],
    ['has one more', [...listed, { ...listed[0], name: 'extra-2' }]],
    ['has another port', [{ ...listed[0], port: 20009 }, listed[1]]],
    ['has another domain', [{ ...listed[0], domain: 'node-1' }, listed[1]]],
    ['runs what is not active', [listed[0], { ...listed[1], status: 'running' }]],
    ['does not run what is active', [{ ...listed[0], status: 'backingOff' }, listed[1]]],
  ])('%s: found', (_what, differing) => {
    expect(compareListing(file, differing)).toHaveLength(1);
  });

  test('a section that is there twice is found', () => {
    expect(compareListing([...file, ...file.slice(0, 1)], listed)).toHaveLength(1);
  });
});

describe('edits', () => {
  const edited = (state: 'absent' | 'stopped' | 'started' | 'unknown', name = 'extra-1') =>
    compareEdits(file, new Map([[name, state]]));

  test('an acknowledged edit is in the file', () => {
    expect(edited('stopped')).toEqual([]);
    expect(edited('absent', 'extra-9')).toEqual([]);
    expect(edited('unknown', 'extra-9')).toEqual([]);
  });

  test('one that is lost is found', () => {
    expect(edited('absent')).toHaveLength(1);
    expect(edited('started')).toHaveLength(1);
    expect(edited('stopped', 'extra-9')).toHaveLength(1);
  });

  test('what an editor knows afterwards', () => {
    expect(afterEdit('add', 0)).toBe('stopped');
    expect(afterEdit('start', 6)).toBe('started');
    expect(afterEdit('delete', 1)).toBe('unknown');
    expect(afterEdit('delete', undefined)).toBe('unknown');
    expect(possibleEdits('absent')).toEqual(['add']);
    expect(possibleEdits('unknown')).toHaveLength(4);
  });
});
