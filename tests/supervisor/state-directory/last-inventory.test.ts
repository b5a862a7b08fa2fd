import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LastInventory } from '#supervisor/state-directory/last-inventory.ts';
import { STATE_RETRY_MS } from '#supervisor/supervision/supervision-times.ts';
import { VirtualClock } from '#support/supervisor/virtual-clock.ts';
import { temporaryDirectory } from '#support/temporary-directory.ts';
import { waitFor } from '#support/wait-for.ts';

function scene(stateDirectory = join(temporaryDirectory(), 'state')) {
  const logged: string[] = [];
  const clock = new VirtualClock();
  const open = (): LastInventory =>
    new LastInventory(stateDirectory, {
      clock,
      log: (level, message, { event } = {}) => logged.push(`${level} ${String(event)} ${message}`),
    });
  return { logged, open, stateDirectory, clock };
}

const eight = Array.from({ length: 8 }, (_, index) => `node-${index}`);

test('a start with fewer BMCs than the last vbmcd had is told, once', async () => {
  const { logged, open } = scene();
  await open().begin(eight);
  await open().begin(eight);
  expect(logged).toEqual([]);
  await open().begin(eight.slice(0, 3));
  expect(logged).toEqual([
    'error bmcsMissing 5 of the 8 BMCs of the last vbmcd are not in the inventory any more (node-3, node-4, node-5, node-6, node-7)',
  ]);
  await open().begin(eight.slice(0, 3));
  expect(logged).toHaveLength(1);
  await open().begin(['node-0', 'node-1', 'new']);
  expect(logged[1]).toBe(
    'warn bmcsMissing 1 of the 3 BMCs of the last vbmcd are not in the inventory any more (node-2)',
  );
});

test('BMCs that a reload has removed are not missing', async () => {
  const { logged, open } = scene();
  const last = open();
  await last.begin(eight);
  await last.store(eight.slice(0, 2));
  await open().begin(eight.slice(0, 2));
  expect(logged).toEqual([]);
});

test('a state directory that cannot be used is told once, and tried again without a reload', async () => {
  const { logged, open, stateDirectory, clock } = scene();
  writeFileSync(stateDirectory, 'a file in its place');
  const last = open();
  await last.begin(eight);
  await last.store(eight);
  expect(logged).toEqual([
    expect.stringMatching(/^warn stateNotStored the names of the BMCs .*EEXIST.*every 5 s\)$/),
  ]);
  rmSync(stateDirectory);
  clock.advance(STATE_RETRY_MS);
  await waitFor('the names to be stored', () => logged.length === 2);
  await open().begin(eight.slice(1));
  expect(logged.at(-1)).toContain('bmcsMissing 1 of the 8');
});
