import { createSocket } from 'node:dgram';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { doctorCommand } from '#supervisor/cli/commands/doctor.ts';
import type { Finding } from '#supervisor/cli/commands/finding.ts';
import type { VirshQueries } from '#supervisor/virsh/virsh-query.ts';
import { runningListing } from '#support/supervisor/running-listing.ts';
import { runVbmc } from '#support/supervisor/run-vbmc.ts';
import { scriptedDaemon } from '#support/supervisor/scripted-daemon.ts';
import { temporaryDirectory } from '#support/temporary-directory.ts';

const reasons: Readonly<Record<string, string>> = {
  'qemu:///system':
    "authentication unavailable: no polkit agent available to authenticate action 'org.libvirt.unix.manage'",
  'qemu:///down': "Failed to connect socket to '/var/run/libvirt/libvirt-sock': No such file or directory",
  'qemu:///hangs': 'no answer within 5 s',
  'qemu+tcp://h/system': 'authentication failed: authentication failed',
  'qemu+tcp://scram/system': 'authentication failed: negotiation SSF 0 was not strong enough',
  'qemu+shh://h/system':
    'invalid argument: remote_open: transport in URL not recognised (should be tls|unix|ssh|ext|tcp|libssh2|libssh)',
  "qemu+ssh://h/session?keyfile=/o'k&mode=direct": 'internal error',
  'qemu+tls://h/system': "Cannot read CA certificate '/etc/pki/CA/cacert.pem': No such file or directory",
  'qemu+ssh://h/system': 'Cannot recv data: u@h: Permission denied (publickey).: Connection reset by peer',
};

const LOOK_ONLY = 'qemu+unix:///system';

const virsh: VirshQueries = {
  mayManage: (uri) =>
    Promise.resolve(
      uri === LOOK_ONLY
        ? { ok: false, kind: 'failed', reason: reasons['qemu:///system'] ?? '' }
        : { ok: true, text: uri },
    ),
  version: () => Promise.resolve({ ok: true, text: '9.0.0' }),
  listManagedSaves: (uri) =>
    Promise.resolve({ ok: true, domains: uri === 'test:///saved' ? ['there', 'not-ours'] : [] }),
  listDomains: (uri) => {
    const reason = reasons[uri];
    return Promise.resolve(
      reason === undefined
        ? { ok: true, domains: ['there'] }
        : { ok: false, kind: reason.startsWith('no answer') ? 'timedOut' : 'failed', reason },
    );
  },
};

async function examine(
  text: string,
  queries = virsh,
  mode = 0o600,
): Promise<{ exitCode: number; findings: Finding[] }> {
  const directory = temporaryDirectory();
  const inventory = join(directory, 'domains.ini');
  writeFileSync(inventory, text);
  chmodSync(inventory, mode);
  const argv = ['--run-dir', directory, 'doctor', '--json', '--inventory', inventory];
  const { exitCode, results } = await runVbmc(argv, [doctorCommand(queries)]);
  return { exitCode, findings: JSON.parse(results) as Finding[] };
}

function bad({ findings }: { findings: Finding[] }): Finding[] {
  return findings.filter(({ severity, subject }) => severity !== 'ok' && subject !== 'vbmcd');
}

test('a domain that a power on would resume is told', async () => {
  const answer = await examine('[there]\npassword=x\nlibvirt_uri=test:///saved\nactive=no\n');
  expect(answer.exitCode).toBe(0);
  expect(bad(answer)).toEqual([
    {
      ...{ severity: 'warning', subject: '[there]' },
      message: expect.stringMatching(/domain there .*power on resumes it/) as unknown,
      remedy: expect.stringContaining('managedsave-remove there') as unknown,
    },
  ]);
});

test('a machine without a setpriv that ends workers with vbmcd is told', async () => {
  const directory = temporaryDirectory();
  const withoutSetpriv = doctorCommand(virsh, () => Promise.resolve({ prefix: [] }));
  const argv = ['--run-dir', directory, 'doctor', '--json', '--inventory', join(directory, 'none.ini')];
  const { results } = await runVbmc(argv, [withoutSetpriv]);
  expect(JSON.parse(results)).toContainEqual({
    ...{ severity: 'warning', subject: 'setpriv' },
    message: expect.stringContaining('a worker that hangs stays') as unknown,
    remedy: 'install util-linux 2.33 or later',
  });
});

test('no findings when nothing is wrong', async () => {
  const answer = await examine('[there]\npassword=x\nlibvirt_uri=test:///x\nactive=no\n');
  expect(answer.exitCode).toBe(0);
  expect(bad(answer)).toEqual([]);
  expect(answer.findings[0]).toEqual({ severity: 'ok', subject: 'virsh', message: 'version 9.0.0' });
});

test.each([
  ['qemu:///system', /60-vbmc\.rules for user vbmc\), or add .* to the group libvirt/],
  [LOOK_ONLY, /60-vbmc\.rules/],
  ['qemu:///down', /^start libvirt/],
  ['qemu:///hangs', /^check whether libvirtd hangs/],
  ['qemu+tcp://h/system', /^(?!.*polkit).*libvirt_sasl_password.*mech_list/],
  ['qemu+tcp://scram/system', /^use qemu\+tls.*mech_list/],
  ['qemu+ssh://h/system', /^(?!.*polkit).*ssh-copy-id -i .*id_ed25519\.pub -o BatchMode=no h /],
  ['qemu+shh://h/system', /^correct libvirt_uri: .*qemu\+ssh:\/\/HOST/],
  ['qemu+tls://h/system', /virt-pki-validate/],
  [
    "qemu+ssh://h/session?keyfile=/o'k&mode=direct",
    /^try virsh -c 'qemu\+ssh:\/\/h\/session\?keyfile=\/o'\\''k&mode=direct' hostname,/,
  ],
])('%s does not answer: one finding, with its remedy', async (uri, remedy) => {
  const answer = await examine(
    `[DEFAULT]\npassword=x\nactive=no\nlibvirt_uri=${uri}\n[a]\nport=1\n[b]\nport=2\n`,
  );
  expect(answer.exitCode).toBe(1);
  // The ssh keys of whoever runs the test are another finding.
  expect(bad(answer).filter(({ subject }) => subject === uri)).toEqual([
    expect.objectContaining({
      severity: 'error',
      remedy: expect.stringMatching(remedy) as string,
    }),
  ]);
});

test('finds a missing domain, an inventory that other users can read, and its errors', async () => {
  const answer = await examine(
    '[gone]\npassword=x\nlibvirt_uri=test:///x\nactive=no\n[b]\nport=x\npassword=x\n',
    virsh,
    0o644,
  );
  expect(answer.exitCode).toBe(1);
  const found = bad(answer);
  expect(found.map(({ severity }) => severity)).toEqual(['warning', 'error', 'error']);
  expect(found[0]?.remedy).toMatch(/^chmod 600 /);
  expect(found[1]?.message).toBe('x is not a UDP port (1-65535)');
  expect(found[2]).toMatchObject({ subject: '[gone]', message: 'there is no domain gone on test:///x' });
  expect(found.every(({ remedy }) => remedy !== undefined)).toBe(true);
});

test('a value with a colon and a space does not end the message of its finding', async () => {
  const answer = await examine('[a]\npassword=x\nlibvirt_uri=test:///x\naddress = foo: bar\n');
  expect(bad(answer)).toEqual([
    {
      severity: 'error',
      subject: expect.stringMatching(/domains\.ini:4: \[a\] address$/) as string,
      message: 'foo: bar is not an IPv4 or IPv6 address, nor a host name',
      remedy: 'write an address of this machine, a name for one, or :: for all',
    },
  ]);
});

test('finds a port that another program has, and an address of another machine', async () => {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const { port } = socket.address();
  try {
    const answer = await examine(
      `[DEFAULT]\npassword=x\nlibvirt_uri=test:///x\n[a]\ndomain_name=there\naddress=127.0.0.1\nport=${port}\n[there]\nlibvirt_uri=test:///y\naddress=192.0.2.1\n`,
    );
    expect(bad(answer)).toMatchObject([
      { subject: '[a]', message: `127.0.0.1:${port}/udp is in use by another program` },
      { subject: '[there]', message: '192.0.2.1:623 is not an address of this machine' },
    ]);
  } finally {
    await new Promise<void>((resolve) => socket.close(resolve));
  }
});

test('without virsh there is one finding, not one for each domain', async () => {
  const missing: VirshQueries = {
    ...virsh,
    version: () => Promise.resolve({ ok: false, kind: 'missing', reason: 'there is no virsh' }),
  };
  const answer = await examine('[a]\npassword=x\nactive=no\n', missing);
  expect(bad(answer)).toEqual([
    {
      severity: 'error',
      subject: 'virsh',
      message: 'there is no virsh',
      remedy: 'install it: apt install libvirt-clients, or dnf install libvirt-client',
    },
  ]);
});

test('a vbmcd that does not answer properly is a finding, and everything else is checked', async () => {
  const directory = temporaryDirectory();
  await scriptedDaemon(directory, { 'GET /v1/status': { status: 500, body: {} } });
  const inventory = join(directory, 'domains.ini');
  writeFileSync(inventory, '[a]\npassword=x\nport=x\n', { mode: 0o600 });
  const argv = ['--run-dir', directory, 'doctor', '--json', '--inventory', inventory];
  const { exitCode, results } = await runVbmc(argv, [doctorCommand(virsh)]);
  expect(exitCode).toBe(1);
  expect(JSON.parse(results)).toMatchObject([
    { subject: 'virsh' },
    { severity: 'error', subject: 'vbmcd', remedy: 'name it with --inventory' },
    { severity: 'ok', subject: inventory },
    { severity: 'error', subject: `${inventory}:3: [a] port` },
  ]);
});

test('a connection that would wait for a domain is not asked for its domains', async () => {
  const directory = temporaryDirectory();
  const inventory = join(directory, 'domains.ini');
  const keys = ['[DEFAULT]', 'password=x', 'active=no', 'libvirt_uri=test:///x'];
  writeFileSync(inventory, [...keys, '[stuck]', '[other]', '[away]', 'libvirt_uri=test:///y'].join('\n'), {
    mode: 0o600,
  });
  const since = '2026-11-28T09:00:00.000Z';
  const stuck = { ...runningListing, name: 'stuck', domain: 'stuck', unanswered: { since, call: 'start' } };
  await scriptedDaemon(directory, {
    'GET /v1/status': { body: { inventoryPath: inventory } },
    'GET /v1/bmcs': { body: { bmcs: [stuck, { ...runningListing, name: 'other', domain: 'other' }] } },
  });
  const listed: string[] = [];
  const asked: VirshQueries = {
    ...virsh,
    listDomains: (uri) => {
      listed.push(uri);
      return Promise.resolve({ ok: true, domains: ['away'] });
    },
    listManagedSaves: (uri) => {
      listed.push(uri);
      return Promise.resolve({ ok: true, domains: [] });
    },
  };
  const argv = ['--run-dir', directory, 'doctor', '--json'];
  const { exitCode, results } = await runVbmc(argv, [doctorCommand(asked)]);
  expect(exitCode).toBe(0);
  expect(listed).toEqual(['test:///y', 'test:///y']);
  expect(bad({ findings: JSON.parse(results) as Finding[] })).toEqual([
    expect.objectContaining({
      subject: '[stuck]',
      message: `libvirt owes an answer to virsh start since ${since} about domain stuck; the start may still come through`,
      remedy: expect.stringMatching(
        /^wait, .* takes long to start; otherwise bring back the storage/,
      ) as unknown,
    }),
    {
      severity: 'warning',
      subject: 'test:///x',
      message: expect.stringMatching(/^answers .*; not asked for its domains, .* wait for stuck$/) as unknown,
    },
  ]);
});

/** One that must not be asked: a running vbmcd asks libvirt itself. */
const notAsked: VirshQueries = {
  version: () => Promise.resolve({ ok: true, text: '9.0.0' }),
  listDomains: () => Promise.reject(new Error('asked')),
  listManagedSaves: () => Promise.reject(new Error('asked')),
  mayManage: () => Promise.reject(new Error('asked')),
};

test('a running vbmcd asks libvirt: this process starts no virsh on a connection', async () => {
  const directory = temporaryDirectory();
  const inventory = join(directory, 'domains.ini');
  const text =
    '[DEFAULT]\npassword=x\nactive=no\n[a]\nport=1\nlibvirt_uri=test:///x\n[b]\nport=2\nlibvirt_uri=test:///y\n[new]\nport=3\nlibvirt_uri=test:///z\n';
  writeFileSync(inventory, text, { mode: 0o600 });
  const ok = { ok: true, text: '' };
  await scriptedDaemon(directory, {
    'GET /v1/status': { body: { inventoryPath: inventory } },
    'GET /v1/bmcs': { body: { bmcs: [] } },
    'GET /v1/connections': {
      body: {
        user: 'of-vbmcd',
        connections: [
          {
            connectionUri: 'test:///x',
            domains: { ok: true, domains: ['a'] },
            managing: ok,
            managedSaves: { ok: true, domains: ['a'] },
          },
          {
            connectionUri: 'test:///y',
            domains: { ok: false, kind: 'failed', reason: 'Permission denied' },
            managing: ok,
          },
        ],
      },
    },
  });
  const argv = ['--run-dir', directory, 'doctor', '--json', '--inventory', inventory];
  const { exitCode, results } = await runVbmc(argv, [doctorCommand(notAsked)]);
  expect(exitCode).toBe(1);
  expect((JSON.parse(results) as Finding[]).slice(3)).toMatchObject([
    { severity: 'ok', subject: 'test:///x', message: 'answers user of-vbmcd, 1 domain' },
    { severity: 'warning', subject: '[a]' },
    { severity: 'error', subject: 'test:///y', message: 'does not answer of-vbmcd: Permission denied' },
    { severity: 'warning', subject: 'test:///z', remedy: 'apply it with vbmc reload' },
  ]);
});
