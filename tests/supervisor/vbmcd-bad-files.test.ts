/** Reloads of the real vbmcd while files of VirtualBMC are wrong; only the worker's program is a stand-in. */
import { jest } from '@jest/globals';
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exchange, fetchListings } from '#supervisor/cli/control-client.ts';
import { isRunning, listed, start } from '#support/supervisor/real-daemon.ts';
import { virtualBmcConfig } from '#support/supervisor/virtualbmc-files.ts';
import { temporaryDirectory } from '#support/temporary-directory.ts';

jest.setTimeout(60_000);

test('a bad file of VirtualBMC concerns its BMC alone, which stays as it was', async () => {
  const directory = temporaryDirectory();
  const theirs = join(directory, 'theirs');
  mkdirSync(theirs, { mode: 0o700 });
  const writeTheirs = (name: string, text: string): void => {
    mkdirSync(join(theirs, name), { recursive: true, mode: 0o700 });
    writeFileSync(join(theirs, name, 'config'), text, { mode: 0o600 });
  };
  const sections = `[vbmc]\nvirtualbmc_dir = ${theirs}\n[s]\npassword = x\nport = 1\n`;
  writeTheirs('node-0', virtualBmcConfig('node-0', 2));
  const daemon = start(sections, directory);
  const before = await listed(daemon, 'running', (found) => isRunning(found, 's', 'node-0'));

  writeTheirs('node-0', virtualBmcConfig('node-0', 70_000));
  writeTheirs('node-1', virtualBmcConfig('node-1', 2));
  writeTheirs('node-2', virtualBmcConfig('node-2', 4));
  writeFileSync(join(directory, 'domains.ini'), `${sections}[t]\npassword = x\nport = 5\n`, { mode: 0o600 });
  const { status, body } = await exchange(daemon.runDirectory, 'POST', '/v1/reload');
  expect(status).toBe(200);
  expect(JSON.parse(body)).toMatchObject({
    outcome: 'applied',
    added: ['t', 'node-2'],
    unchanged: ['s', 'node-0'],
    refused: ['node-0', 'node-1'],
  });
  const after = await listed(daemon, 'the new ones', (found) =>
    isRunning(found, 's', 't', 'node-0', 'node-2'),
  );
  expect(after['node-0']?.pid).toBe(before['node-0']?.pid);
  const listings = await fetchListings(daemon.runDirectory);
  expect(listings.find(({ name }) => name === 'node-0')).toMatchObject({
    port: 2,
    warning: expect.stringContaining('it is as before, because its file does not apply') as string,
  });
  expect(listings.find(({ name }) => name === 'node-1')).toMatchObject({
    status: 'invalid',
    reason: expect.stringContaining('is taken by [node-0]') as string,
  });
  const events = await exchange(daemon.runDirectory, 'GET', '/v1/events?kind=virtualBmcFileRefused');
  expect(JSON.parse(events.body)).toMatchObject({ events: [{ bmc: 'node-0' }, { bmc: 'node-1' }] });

  // The directory as a whole: other users may change it.
  chmodSync(theirs, 0o777);
  rmSync(join(theirs, 'node-1'), { recursive: true });
  const unread = await exchange(daemon.runDirectory, 'POST', '/v1/reload');
  expect(JSON.parse(unread.body)).toMatchObject({
    outcome: 'applied',
    removed: [],
    refused: ['node-0', 'node-2'],
  });
  // That would not help: nobody knows what it holds.
  expect(unread.body).not.toContain('allow-removal');

  chmodSync(theirs, 0o700);
  writeTheirs('node-0', virtualBmcConfig('node-0', 2));
  const mended = await exchange(daemon.runDirectory, 'POST', '/v1/reload');
  expect(JSON.parse(mended.body)).toMatchObject({ outcome: 'applied', refused: [], problems: [] });
  const whole = await fetchListings(daemon.runDirectory);
  expect(whole.find(({ name }) => name === 'node-0')?.warning).toBeNull();
});

test('most of VirtualBMC files vanish: their BMCs stay until somebody means it, and everything else applies', async () => {
  const directory = temporaryDirectory();
  const theirs = join(directory, 'theirs');
  const names = ['node-0', 'node-1', 'node-2'];
  names.forEach((name, index) => {
    mkdirSync(join(theirs, name), { recursive: true, mode: 0o700 });
    writeFileSync(join(theirs, name, 'config'), virtualBmcConfig(name, 2 + index), { mode: 0o600 });
  });
  chmodSync(theirs, 0o700);
  const sections = `[vbmc]\nvirtualbmc_dir = ${theirs}\n[s]\npassword = x\nport = 1\n`;
  const daemon = start(sections, directory);
  const before = await listed(daemon, 'running', (found) => isRunning(found, 's', ...names));

  for (const name of names) rmSync(join(theirs, name), { recursive: true });
  writeFileSync(join(directory, 'domains.ini'), `${sections}[t]\npassword = x\nport = 9\n`, { mode: 0o600 });
  const { body } = await exchange(daemon.runDirectory, 'POST', '/v1/reload');
  expect(JSON.parse(body)).toMatchObject({
    ...{ outcome: 'applied', added: ['t'], removed: [], refused: names },
    problems: names.map((name) => ({
      name,
      reason: expect.stringMatching(/would remove 3 of 3 BMCs.*--allow-removal/) as string,
    })),
  });
  const after = await listed(daemon, 'running', (found) => isRunning(found, 's', 't', ...names));
  expect(after['node-0']?.pid).toBe(before['node-0']?.pid);

  // The operator's own section is guarded as before.
  writeFileSync(join(directory, 'domains.ini'), `[vbmc]\nvirtualbmc_dir = ${theirs}\n`, { mode: 0o600 });
  const meant = await exchange(daemon.runDirectory, 'POST', '/v1/reload?allow_removal=1');
  expect(JSON.parse(meant.body)).toMatchObject({ outcome: 'applied', removed: ['s', 't', ...names] });
});
