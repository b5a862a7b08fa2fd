import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { userInfo } from 'node:os';
import { Secret } from '#supervisor/inventory/secret.ts';
import { askingUser } from '#supervisor/virsh/asking-user.ts';
import { virshQueries } from '#supervisor/virsh/virsh-query.ts';
import { temporaryDirectory } from '#support/temporary-directory.ts';

const ROOT_ONLY = 'root:x:0:0:root:/root:/bin/bash\n';
const WITH_SERVICE = `${ROOT_ONLY}vbmc:x:65534:65534::/var/lib/vbmc:/usr/sbin/nologin\n`;

/** A virsh that says who started it, and what it got. */
function virshThatTells(): string {
  const directory = temporaryDirectory();
  chmodSync(directory, 0o755);
  const path = join(directory, 'virsh');
  writeFileSync(path, '#!/bin/sh\nid -u\nid -G\necho "$HOME"\ncat "$LIBVIRT_AUTH_FILE" 2>/dev/null\ntrue\n');
  chmodSync(path, 0o755);
  return path;
}

test('a user other than root asks as themselves', () => {
  expect(askingUser(1000, () => WITH_SERVICE)).toEqual({
    name: userInfo().username,
    prefix: [],
    startsPrograms: true,
  });
});

// What root does can be seen by root only; CI is root.
const RUNS_AS_ROOT = process.getuid?.() === 0;

test('root asks as the user of the service, with SASL credentials that this user can read', async () => {
  if (!RUNS_AS_ROOT) return;
  const asked = virshQueries({ program: virshThatTells(), user: () => askingUser(0, () => WITH_SERVICE) });
  const sasl = { username: 'u', password: new Secret('p') };
  const answer = await asked.listDomains('qemu+ext:///system?command=/x', sasl);
  const domains = answer.ok ? answer.domains : [];
  expect(domains.slice(0, 3)).toEqual(['65534', '65534', '/var/lib/vbmc']);
  expect(domains).toContain('password=p');
});

test('root without such a user asks itself, and starts no program that a connection names', async () => {
  const asked = virshQueries({ program: virshThatTells(), user: () => askingUser(0, () => ROOT_ONLY) });
  const answer = await asked.listDomains('test:///x');
  expect(answer).toMatchObject({ ok: true });
  if (RUNS_AS_ROOT) expect(answer.ok && answer.domains[0]).toBe('0');
  const reason = `not asked by ${userInfo().username}: the transport +ext starts a program instead of talking to libvirt`;
  expect(await asked.listDomains('qemu+ext:///system?command=/x')).toEqual({
    ok: false,
    kind: 'failed',
    reason,
  });
  expect(await asked.mayManage('qemu+ssh://h/system?command=/x')).toMatchObject({ ok: false });
  // Whoever types a URI could type `virsh -c URI` as well.
  const socket = 'qemu+unix:///session?socket=/x';
  expect(await asked.listDomains(socket, undefined, 'inventory')).toMatchObject({ ok: false });
  expect(await asked.listDomains(socket, undefined, 'typed')).toMatchObject({ ok: true });
});
