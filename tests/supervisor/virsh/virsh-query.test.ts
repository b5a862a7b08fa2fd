import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Secret } from '#supervisor/inventory/secret.ts';
import { ownUser } from '#supervisor/virsh/asking-user.ts';
import { virshQueries, type VirshQueries } from '#supervisor/virsh/virsh-query.ts';
import { temporaryDirectory } from '#support/temporary-directory.ts';

function program(script: string): string {
  const path = join(temporaryDirectory(), 'virsh');
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

/** As this user: the scripts are nobody else's to read. */
function queries(path: string, deadlineMs?: number): VirshQueries {
  return virshQueries({ program: path, user: ownUser, ...(deadlineMs !== undefined && { deadlineMs }) });
}

test('names of domains, one a line, spaces in them kept', async () => {
  const asked = queries(program('printf "a\\nb c\\n\\n"'));
  expect(await asked.listDomains('test:///x')).toEqual({ ok: true, domains: ['a', 'b c'] });
});

test('credentials are passed in a file that is removed afterwards, never in argv', async () => {
  const asked = queries(program('echo "$@"; cat "$LIBVIRT_AUTH_FILE"; echo "$LIBVIRT_AUTH_FILE"'));
  const credentials = { username: 'u', password: new Secret('hidden') };
  const answer = await asked.listDomains('qemu+tcp://h/system', credentials);
  const lines = answer.ok ? answer.domains : [];
  expect(lines[0]).toBe('--readonly -c qemu+tcp://h/system list --all --name');
  expect(lines).toContain('password=hidden');
  expect(() => {
    writeFileSync(lines.at(-1) ?? '', '', { flag: 'r+' });
  }).toThrow('ENOENT');
});

test('mayManage asks on a read-write connection', async () => {
  const asked = queries(program('echo "$@"'));
  expect(await asked.mayManage('test:///x')).toEqual({ ok: true, text: '-c test:///x uri' });
});

test('the reason of a failure is the last line of stderr', async () => {
  const asked = queries(
    program('echo "error: failed to connect" >&2; echo "error: Permission denied" >&2; exit 1'),
  );
  expect(await asked.listDomains('test:///x')).toEqual({
    ok: false,
    kind: 'failed',
    reason: 'Permission denied',
  });
});

test('one that hangs is killed with its children at the deadline', async () => {
  const asked = queries(program('sleep 600 & sleep 600'), 200);
  expect(await asked.listDomains('test:///x')).toEqual({
    ok: false,
    kind: 'timedOut',
    reason: 'no answer within 0.2 s',
  });
});

test('one that prints without end is killed, and the reason says so', async () => {
  const asked = queries(program('exec yes'));
  expect(await asked.listDomains('test:///x')).toEqual({
    ok: false,
    kind: 'failed',
    reason: 'virsh printed more than 4 MiB',
  });
});

test('no virsh at all', async () => {
  expect(await queries('/nowhere/virsh').version()).toEqual({
    ok: false,
    kind: 'missing',
    reason: 'there is no virsh',
  });
});
