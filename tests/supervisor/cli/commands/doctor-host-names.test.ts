import { createSocket } from 'node:dgram';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { doctorCommand } from '#supervisor/cli/commands/doctor.ts';
import type { Finding } from '#supervisor/cli/commands/finding.ts';
import type { ResolveName } from '#supervisor/host/resolve-name.ts';
import type { VirshQueries } from '#supervisor/virsh/virsh-query.ts';
import { runningListing } from '#support/supervisor/running-listing.ts';
import { runVbmc } from '#support/supervisor/run-vbmc.ts';
import { scriptedDaemon } from '#support/supervisor/scripted-daemon.ts';
import { temporaryDirectory } from '#support/temporary-directory.ts';

const virsh: VirshQueries = {
  mayManage: (uri) => Promise.resolve({ ok: true, text: uri }),
  version: () => Promise.resolve({ ok: true, text: '9.0.0' }),
  listManagedSaves: () => Promise.resolve({ ok: true, domains: [] }),
  listDomains: () => Promise.resolve({ ok: true, domains: ['there'] }),
};

test('a host name: without an address, of another machine, with a port in use on one of its addresses', async () => {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const { port } = socket.address();
  const meanings: Readonly<Record<string, readonly string[]>> = {
    elsewhere: ['192.0.2.1', '2001:db8::1'],
    here: ['127.0.0.1', '127.0.0.2', '192.0.2.1'],
    fine: ['127.0.0.2', '192.0.2.1'],
  };
  const resolve: ResolveName = (name) => {
    const found = meanings[name];
    if (found !== undefined) return Promise.resolve(found);
    return Promise.reject(Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' }));
  };
  const sections = ['unknown', 'elsewhere', 'here', 'fine'].map((name, index) => {
    return `[${name}]\naddress=${name}\nport=${port}\nlibvirt_uri=test:///${index}\ndomain_name=there\n`;
  });
  try {
    const directory = temporaryDirectory();
    const inventory = join(directory, 'domains.ini');
    writeFileSync(inventory, `[DEFAULT]\npassword=x\n${sections.join('')}`, { mode: 0o600 });
    const argv = ['--run-dir', directory, 'doctor', '--json', '--inventory', inventory];
    const { results } = await runVbmc(argv, [doctorCommand(virsh, undefined, resolve)]);
    expect((JSON.parse(results) as Finding[]).filter(({ severity }) => severity === 'error')).toMatchObject([
      {
        ...{ severity: 'error', subject: '[unknown]' },
        message: 'host name unknown: it has no address (ENOTFOUND)',
        remedy: expect.stringMatching(/^getent ahosts unknown shows/) as string,
      },
      { subject: '[elsewhere]', message: `192.0.2.1:${port} (elsewhere) is not an address of this machine` },
      {
        subject: '[elsewhere]',
        message: `[2001:db8::1]:${port} (elsewhere) is not an address of this machine`,
      },
      { subject: '[here]', message: `127.0.0.1:${port} (here)/udp is in use by another program` },
    ]);
  } finally {
    await new Promise<void>((resolve) => socket.close(resolve));
  }
});

test('of host names vbmcd tells what it knows', async () => {
  const directory = temporaryDirectory();
  const inventory = join(directory, 'domains.ini');
  const sections = ['a', 'b', 'c'].map((name, index) => {
    return `[${name}]\naddress=ipmi.utility\nport=${index + 1}\ndomain_name=there\nlibvirt_uri=test:///${name}\n`;
  });
  writeFileSync(inventory, `[DEFAULT]\npassword=x\n${sections.join('')}`, { mode: 0o600 });
  const listing = (name: string, status: string, reason: string | null) => {
    return { ...runningListing, name, status, reason, address: 'ipmi.utility' };
  };
  await scriptedDaemon(directory, {
    'GET /v1/status': { body: { inventoryPath: inventory } },
    'GET /v1/bmcs': {
      body: {
        bmcs: [
          listing('a', 'bindFailed', 'waiting for an address'),
          listing('b', 'running', 'the BMC keeps 192.0.2.1'),
          listing('c', 'running', null),
        ],
      },
    },
  });
  const unused: ResolveName = () => Promise.reject(new Error('vbmcd knows it'));
  const argv = ['--run-dir', directory, 'doctor', '--json'];
  const { results } = await runVbmc(argv, [doctorCommand(virsh, undefined, unused)]);
  const found = (JSON.parse(results) as Finding[]).filter(({ message }) => /waiting|keeps/.test(message));
  expect(found).toMatchObject([
    { severity: 'warning', subject: '[b]', message: 'the BMC keeps 192.0.2.1' },
    { severity: 'error', subject: '[a]', message: 'waiting for an address' },
  ]);
});
