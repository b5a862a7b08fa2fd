import { chownSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseInventory } from '#supervisor/inventory/parse-inventory.ts';
import { runVbmc } from '#support/supervisor/run-vbmc.ts';
import { temporaryDirectory } from '#support/temporary-directory.ts';

type Options = Readonly<Record<string, string>>;

/** A directory like VirtualBMC's `_store_config` writes: Python's ConfigParser writes `key = value`, with `%` doubled. */
function virtualBmcDirectory(bmcs: readonly Options[]): string {
  const directory = join(temporaryDirectory(), '.vbmc');
  mkdirSync(directory);
  writeFileSync(join(directory, 'master.pid'), '4711');
  for (const bmc of bmcs) {
    const name = bmc['domain_name'] ?? '';
    mkdirSync(join(directory, name));
    const lines = Object.entries(bmc).map(([key, value]) => `${key} = ${value.replaceAll('%', '%%')}\n`);
    writeFileSync(join(directory, name, 'config'), `[VirtualBMC]\n${lines.join('')}\n`);
  }
  return directory;
}

function bmc(name: string, port: number, further: Options = {}): Options {
  return {
    username: 'admin',
    password: 'password',
    port: String(port),
    address: '::',
    domain_name: name,
    libvirt_uri: 'qemu:///system',
    active: 'True',
    ...further,
  };
}

async function importInto(text: string, directory: string | undefined, ...options: string[]) {
  const inventory = join(temporaryDirectory(), 'domains.ini');
  writeFileSync(inventory, text, { mode: 0o600 });
  const argv = [
    '--run-dir',
    join(inventory, '../run'),
    'import',
    'virtualbmc',
    ...(directory === undefined ? [] : [directory]),
  ];
  const run = await runVbmc([...argv, '--inventory', inventory, ...options]);
  return { ...run, inventory, text: readFileSync(inventory, 'utf8') };
}

test('imports all BMCs, with their secrets and whether they are active', async () => {
  const directory = virtualBmcDirectory([
    bmc('node-0', 6230),
    bmc('web.example.org', 623, { active: 'False', password: '100%; #"', username: 'root' }),
    bmc('node-2', 6232, {
      libvirt_uri: 'qemu+tcp://h/system',
      libvirt_sasl_username: 's',
      libvirt_sasl_password: 'p;w',
    }),
  ]);
  const { exitCode, results, text } = await importInto('; mine\n', directory);
  expect({ exitCode, results }).toEqual({ exitCode: 0, results: 'node-0\nnode-2\nweb.example.org\n' });
  const { entries, diagnostics } = parseInventory(text);
  expect(diagnostics).toEqual([]);
  expect(text.startsWith('; mine\n')).toBe(true);
  expect(entries).toMatchObject([
    { settings: { name: 'node-0', port: 6230, active: true } },
    {
      settings: { name: 'node-2', connectionUri: 'qemu+tcp://h/system', saslCredentials: { username: 's' } },
    },
    {
      settings: {
        name: 'web.example.org',
        domainName: 'web.example.org',
        active: false,
        users: [{ name: 'root' }],
      },
    },
  ]);
  const [, sasl, web] = entries.map((entry) => (entry.valid ? entry.settings : undefined));
  expect(web?.users[0]?.password.reveal()).toBe('100%; #"');
  expect(sasl?.saslCredentials?.password.reveal()).toBe('p;w');
});

test("defaults of the inventory do not change what VirtualBMC's files say", async () => {
  const { text } = await importInto(
    '[DEFAULT]\nusername=other\naddress=127.0.0.1\n',
    virtualBmcDirectory([bmc('a', 1)]),
  );
  expect(parseInventory(text).entries).toMatchObject([
    { settings: { address: '::', users: [{ name: 'admin' }], active: true } },
  ]);
});

test('importing twice is harmless', async () => {
  const directory = virtualBmcDirectory([bmc('a', 1)]);
  const first = await importInto('', directory);
  const second = await importInto(first.text, directory, '--json');
  expect(second).toMatchObject({ exitCode: 0, text: first.text });
  expect(JSON.parse(second.results)).toEqual([{ name: 'a', state: 'present' }]);
});

test('a message names each BMC that is not imported, and the others are imported', async () => {
  const directory = virtualBmcDirectory([
    bmc('a', 1),
    bmc('b', 1),
    bmc('c', 3, { password: 'x'.repeat(21) }),
    bmc('d', 4),
  ]);
  writeFileSync(join(directory, 'd', 'config'), 'nonsense');
  const { exitCode, results, problems, text } = await importInto('', directory);
  expect({ exitCode, results }).toEqual({ exitCode: 1, results: 'a\n' });
  expect(problems).toContain('b was not imported: port: [::]:1 is taken by [a]');
  expect(problems).toContain('c was not imported: password: the password has 21 bytes');
  expect(problems).toContain(`d was not imported: ${directory}/d/config:1: the line is neither`);
  expect(problems).not.toContain('xxxx');
  expect(parseInventory(text).entries).toHaveLength(1);
});

test('a missing directory is reported with its remedy', async () => {
  expect(await importInto('', '/nowhere')).toMatchObject({
    exitCode: 1,
    problems:
      'vbmc: cannot find /nowhere: there is no such file or directory: name the directory of the user who ran VirtualBMC: vbmc import virtualbmc /home/USER/.vbmc\n',
  });
});

test('a connection that starts a program is not imported, whoever wrote it', async () => {
  const directory = virtualBmcDirectory([
    bmc('evil', 6230, { libvirt_uri: 'qemu+ext:///system?command=/home/stack/x' }),
    bmc('fine', 6231),
  ]);
  const { exitCode, problems, results, text } = await importInto('', directory);
  expect({ exitCode, results }).toEqual({ exitCode: 1, results: 'fine\n' });
  expect(problems).toContain('evil was not imported');
  expect(problems).toContain('the transport +ext starts a program');
  expect(text).not.toContain('ext');
});

describe('virtualbmc.conf', () => {
  const own = process.env['VIRTUALBMC_CONFIG'];
  afterEach(() => {
    if (own === undefined) delete process.env['VIRTUALBMC_CONFIG'];
    else process.env['VIRTUALBMC_CONFIG'] = own;
  });

  /** As metal3-dev-env has it: the settings above the directory with the BMCs. */
  function metal3(): string {
    const bmcs = virtualBmcDirectory([bmc('node-0', 6230)]);
    const directory = temporaryDirectory();
    const text = `[default]\nconfig_dir=${bmcs}/\n[log]\ndebug=True\n`;
    writeFileSync(join(directory, 'virtualbmc.conf'), text);
    return directory;
  }

  test('config_dir is followed, in the directory that is named', async () => {
    const directory = metal3();
    const { exitCode, results, problems } = await importInto('', directory);
    expect({ exitCode, results }).toEqual({ exitCode: 0, results: 'node-0\n' });
    expect(problems).toContain(
      `vbmc: warning: ${directory}/virtualbmc.conf:4: [log] debug: how much is logged`,
    );
  });

  test('VIRTUALBMC_CONFIG is followed when no directory is named', async () => {
    process.env['VIRTUALBMC_CONFIG'] = join(metal3(), 'virtualbmc.conf');
    expect(await importInto('', undefined)).toMatchObject({ exitCode: 0, results: 'node-0\n' });
  });

  test('finding nothing is a failure, and says where it looked', async () => {
    const directory = metal3();
    const empty = temporaryDirectory();
    writeFileSync(join(directory, 'virtualbmc.conf'), `[default]\nconfig_dir = ${empty}\n`);
    const { exitCode, problems } = await importInto('', directory);
    expect(exitCode).toBe(1);
    expect(problems).toContain(
      `vbmc: ${empty}, to which ${directory}/virtualbmc.conf leads, has no BMC: no NAME/config is there`,
    );
    expect((await importInto('', empty)).exitCode).toBe(1);
  });
});

test('a name that no section can have is changed, and importing twice is harmless then too', async () => {
  const directory = virtualBmcDirectory([bmc('db user 1', 1), bmc('db-user-1', 2), bmc('vm[1]', 3)]);
  const first = await importInto('', directory);
  expect(first).toMatchObject({ exitCode: 0, results: 'db-user-1-2\ndb-user-1\nvm-1-\n' });
  expect(first.problems).toContain('vbmc: db user 1 was imported as db-user-1-2\n');
  expect(parseInventory(first.text).entries).toMatchObject([
    { settings: { name: 'db-user-1-2', domainName: 'db user 1', port: 1 } },
    { settings: { name: 'db-user-1', domainName: 'db-user-1', port: 2 } },
    { settings: { name: 'vm-1-', domainName: 'vm[1]' } },
  ]);
  const second = await importInto(first.text, directory);
  expect(second).toMatchObject({ exitCode: 0, results: '', text: first.text });
});

test('a key file that the service cannot see is told, with what to do', async () => {
  const uri = 'qemu+ssh://root@192.0.2.1/system?&keyfile=/root/ssh/id_rsa_virt_power&no_verify=1&no_tty=1';
  const directory = virtualBmcDirectory([
    bmc('node-0', 6230, { libvirt_uri: uri }),
    bmc('node-1', 6231, { libvirt_uri: 'qemu+ssh://h/system?keyfile=/etc/vbmc/id_rsa' }),
  ]);
  const { exitCode, problems } = await importInto('', directory);
  expect(exitCode).toBe(0);
  expect(problems.match(/warning: .*/g)).toEqual([
    'warning: node-0: libvirt_uri: keyfile names /root/ssh/id_rsa_virt_power, and the packaged service sees no file under /root: copy it to /var/lib/vbmc/.ssh (sudo install -m 600 -o vbmc -g vbmc), and name that',
  ]);
});

test('from a directory that is a part of the inventory a BMC is imported, and its section counts from then on', async () => {
  const directory = virtualBmcDirectory([bmc('node-0', 6230)]);
  const settings = `[vbmc]\nvirtualbmc_dir = ${directory}\n`;
  const { exitCode, results, text, inventory } = await importInto(settings, directory);
  expect({ exitCode, results }).toEqual({ exitCode: 0, results: 'node-0\n' });
  expect(text).toContain('[node-0]\nport = 6230\n');
  expect((await runVbmc(['validate', inventory])).results).toContain('the inventory has this BMC too');
});

if (process.getuid?.() === 0) {
  test('a file of another user does not have our SASL credentials sent to a host of its choice', async () => {
    const directory = virtualBmcDirectory([
      bmc('ours', 1),
      bmc('theirs', 2, { libvirt_uri: 'qemu+tcp://eve.example.org/system' }),
    ]);
    const text = '[DEFAULT]\nlibvirt_sasl_username = u\nlibvirt_sasl_password = p\n';
    const own = await importInto(text, directory);
    expect(own.results).toBe('ours\ntheirs\n');
    for (const path of ['', 'ours', 'theirs', 'ours/config', 'theirs/config'])
      chownSync(join(directory, path), 65_534, 65_534);
    const foreign = await importInto(text, directory);
    expect(foreign).toMatchObject({ exitCode: 1, results: 'ours\n' });
    expect(foreign.problems).toContain('the SASL credentials of [DEFAULT] would be sent');
  });
}
