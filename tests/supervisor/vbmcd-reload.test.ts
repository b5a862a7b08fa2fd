/** Reloads of the real vbmcd with real processes; only the worker's program is a stand-in. */
import { jest } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exchange, fetchListings } from '#supervisor/cli/control-client.ts';
import { isAlive } from '#support/processes.ts';
import { isRunning, listed, pidOf, start } from '#support/supervisor/real-daemon.ts';
import { temporaryDirectory } from '#support/temporary-directory.ts';
import { waitFor } from '#support/wait-for.ts';

// Real processes on a machine that may be busy; the deadlines inside the tests matter.
jest.setTimeout(60_000);

test('SIGHUP reloads; an inventory with an error changes nothing', async () => {
  const directory = temporaryDirectory();
  const daemon = start('[DEFAULT]\npassword=x\n[a]\nport=1\n[b]\nport=2\n', directory);
  const before = await listed(daemon, 'running', (found) => isRunning(found, 'a', 'b'));
  const rewrite = (text: string): void => {
    writeFileSync(join(directory, 'domains.ini'), `[DEFAULT]\npassword=x\n${text}`, { mode: 0o600 });
    daemon.process.kill('SIGHUP');
  };
  rewrite('[a]\nport=1\n[c]\nport=3x\n');
  const refusal = `rejected, nothing was changed: ${join(directory, 'domains.ini')}:6: [c] port: 3x is not a UDP port`;
  await waitFor('the refusal', () => daemon.stderr().includes(refusal));
  const { body } = await exchange(daemon.runDirectory, 'GET', '/v1/events?kind=reloadRejected');
  expect(JSON.parse(body)).toMatchObject({
    events: [
      {
        message: expect.stringContaining(refusal) as string,
        facts: { errors: 1, reason: expect.stringContaining('[c] port: 3x is not a UDP port') as string },
      },
    ],
  });
  expect(await listed(daemon, 'all as before', () => true)).toEqual(before);

  rewrite('[a]\nport=1\n[c]\nport=3\n');
  const after = await listed(daemon, 'c instead of b', (found) => isRunning(found, 'c') && !('b' in found));
  expect(after['a']).toEqual(before['a']);
  expect(isAlive(pidOf(before, 'b'))).toBe(false);
  await waitFor('the report', () => daemon.stderr().includes('1 added, 1 removed, 1 unchanged'));
});

test('a reload that would remove most BMCs is refused unless it is meant', async () => {
  const directory = temporaryDirectory();
  const section = (name: string, index: number): string => `[${name}]\npassword=x\nport=${index + 1}\n`;
  const all = ['a', 'b', 'c', 'd', 'e'];
  const daemon = start(all.map(section).join(''), directory);
  const before = await listed(daemon, 'running', (found) => isRunning(found, ...all));
  const reload = async (
    text: string,
    query = '',
  ): Promise<{ readonly status: number; readonly body: string }> => {
    writeFileSync(join(directory, 'domains.ini'), text, { mode: 0o600 });
    return exchange(daemon.runDirectory, 'POST', `/v1/reload${query}`);
  };
  const remedy = 'if that is meant: vbmc reload --allow-removal, or allow_removal = yes in [vbmc]';

  const empty = await reload('');
  expect(empty.status).toBe(422);
  expect(empty.body).toContain(`would remove 5 of 5 BMCs (a, b, c, d, e): ${remedy}`);
  expect((await reload(all.slice(0, 2).map(section).join(''))).body).toContain(
    'would remove 3 of 5 BMCs (c, d, e)',
  );
  daemon.process.kill('SIGHUP');
  await waitFor('the third refusal', () => daemon.stderr().split(`BMCs (c, d, e): ${remedy}`).length === 3);
  expect(await listed(daemon, 'all as before', () => true)).toEqual(before);

  // What `vbmc delete` has removed does not count.
  expect((await reload(all.slice(0, 2).map(section).join(''), '?removes=c&removes=d&removes=e')).status).toBe(
    200,
  );
  expect((await reload('[vbmc]\nallow_removal = no\n')).status).toBe(422);
  expect((await reload('', '?allow_removal=1')).status).toBe(200);
  expect((await reload(section('a', 0))).status).toBe(200);
  expect((await reload('[vbmc]\nallow_removal = yes\n')).status).toBe(200);
  expect(await fetchListings(daemon.runDirectory)).toEqual([]);
});

test('a FIFO among the files does not hold up reload and SIGTERM', async () => {
  const directory = temporaryDirectory();
  const daemon = start('[a]\npassword=x\nport=1\n', directory);
  await listed(daemon, 'running', (found) => isRunning(found, 'a'));
  mkdirSync(join(directory, 'domains.d'));
  execFileSync('mkfifo', [join(directory, 'domains.d', 'x.ini')]);
  const { status, body } = await exchange(daemon.runDirectory, 'POST', '/v1/reload');
  expect(status).toBe(422);
  expect(body).toContain('x.ini is not a file');
  daemon.process.kill('SIGTERM');
  expect(await daemon.exit).toBe('0');
});
