import { readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommandLine } from '#supervisor/cli/command-line.ts';
import { exportCommand } from '#supervisor/cli/commands/export.ts';
import type { OwnAddresses } from '#supervisor/export/advertised-address.ts';
import { temporaryDirectory } from '#support/temporary-directory.ts';
import { virshOf } from '#support/supervisor/virsh-answers.ts';

function section(name: string, port: number, keys = ''): string {
  return `[${name}]\nport = ${port}\npassword = pw-${name}\naddress = 192.0.2.1\nlibvirt_uri = test:///x\n${keys}\n`;
}

interface Run {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
}

/** Runs `vbmc export ARGV` over an inventory; libvirt has the domains `a`, `b`, `7`. */
async function run(
  inventory: string,
  argv: readonly string[],
  {
    own = { defaultRoute: {} },
    directory = temporaryDirectory(),
  }: { own?: OwnAddresses; directory?: string } = {},
): Promise<Run> {
  const path = join(directory, 'domains.ini');
  writeFileSync(path, inventory, { mode: 0o600 });
  let [out, err] = ['', ''];
  const surroundings = {
    ask: virshOf(['a', 'b', '7']),
    ownAddresses: () => Promise.resolve(own),
    isTerminal: false,
    now: () => 0,
  };
  const exitCode = await runCommandLine(
    {
      name: 'vbmc',
      description: '',
      options: [{ flags: '--run-dir <dir>', description: '', defaultValue: join(directory, 'no-daemon') }],
      help: { exitCodes: {} },
      does: { commands: [exportCommand(surroundings)] },
    },
    ['export', ...argv, '--inventory', path],
    {
      result: (text) => {
        out += text;
      },
      problem: (text) => {
        err += text;
      },
    },
  );
  return { exitCode, out, err };
}

function names({ out }: Run): string[] {
  return [...out.matchAll(/"name": "([^"]+)"/g)].map(([, name]) => name ?? '');
}

test('exports all active BMCs, or the named ones', async () => {
  const inventory = section('a', 1001) + section('b', 1002, 'active = no');
  expect(names(await run(inventory, ['instackenv']))).toEqual(['a']);
  const named = await run(inventory, ['instackenv', 'b', 'a', 'b']);
  expect(named).toMatchObject({ exitCode: 0 });
  expect(names(named)).toEqual(['b', 'a']);
});

test('passwords are exported only when the operator asks for them', async () => {
  const hidden = await run(section('a', 1001), ['ironic']);
  expect(hidden).toMatchObject({
    exitCode: 0,
    err: expect.stringContaining('passwords are left out') as string,
  });
  expect(hidden.out).not.toContain('pw-a');
  const shown = await run(section('a', 1001), ['ironic', '--show-secrets']);
  expect(shown).toMatchObject({ exitCode: 0, err: '' });
  expect(shown.out).toContain('ipmi_password: "pw-a"');
});

test('writes a file of mode 0600, also when the file had another mode', async () => {
  const directory = temporaryDirectory();
  const file = join(directory, 'nodes.json');
  writeFileSync(file, 'old', { mode: 0o644 });
  expect(await run(section('a', 1001), ['ironic', '--output', file], { directory })).toEqual({
    exitCode: 0,
    out: '',
    err: '',
  });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
    nodes: [{ driver_info: { ipmi_password: 'pw-a' } }],
  });
});

test('a symbolic link is not followed', async () => {
  const directory = temporaryDirectory();
  const file = join(directory, 'link');
  symlinkSync('/dev/null', file);
  const { exitCode, err } = await run(section('a', 1001), ['csv', '--output', file], { directory });
  expect({ exitCode, err }).toEqual({
    exitCode: 1,
    err: expect.stringContaining('not a plain file') as string,
  });
});

test('a message names each BMC that cannot be exported, and the others are exported', async () => {
  const inventory =
    section('a', 1001) +
    section('gone', 1002) +
    section('bad', 99_999) +
    section('far', 1003, 'libvirt_uri = test:///unreachable').replace('libvirt_uri = test:///x\n', '');
  const result = await run(inventory, ['instackenv']);
  expect(result.exitCode).toBe(1);
  expect(names(result)).toEqual(['a']);
  expect(result.err).toContain('gone is left out: there is no domain gone on test:///x');
  expect(result.err).toContain('bad is left out: port: 99999 is not a UDP port');
  expect(result.err).toContain('far is left out: test:///unreachable cannot be asked: failed to connect');
});

test('nothing is written when no BMC can be exported', async () => {
  const result = await run(section('gone', 1001), ['csv']);
  expect(result).toMatchObject({ exitCode: 1, out: '' });
  expect(result.err).toContain('nothing is left to export');
});

test('a domain whose name is the id of another one is not confused with it', async () => {
  const { out } = await run(section('seven', 1001, 'domain_name = 7'), ['csv']);
  expect(out).toContain('00000000-0000-4000-8000-000000000002');
});

describe('a BMC that answers on all addresses', () => {
  const inventory = section('a', 1001).replace('192.0.2.1', '::');

  test('gets the address of the default route, with a warning', async () => {
    const result = await run(inventory, ['csv'], { own: { defaultRoute: { ipv4: '192.0.2.99' } } });
    expect(result.out).toContain('a,192.0.2.99,1001');
    expect(result.err).toContain('BMCs that answer on all addresses (::) get 192.0.2.99, which is a guess');
  });

  test('gets the address of --address', async () => {
    const both = inventory + section('b', 1002);
    const result = await run(both, ['csv', '--address', 'bmc.example.org']);
    expect(result.out).toContain('a,bmc.example.org,1001');
    expect(result.out).toContain('b,192.0.2.1,1002');
    expect(result.err).not.toContain('guess');
  });

  test('needs --address on a host without an address', async () => {
    const result = await run(inventory, ['csv']);
    expect(result).toMatchObject({ exitCode: 1, out: '' });
    expect(result.err).toContain('name one with --address');
  });
});

test('a password that only the service can read is replaced by the placeholder', async () => {
  const inventory = section('a', 1001).replace(
    'password = pw-a',
    'password_file = ${CREDENTIALS_DIRECTORY}/a',
  );
  const result = await run(inventory, ['instackenv', '--show-secrets']);
  expect(result.out).toContain('PASSWORD-NOT-EXPORTED');
  expect(result.err).toContain('its password is a systemd credential, which only the service can read');
});

test.each([
  [['xml'], 'Allowed choices'],
  [['csv', '--json'], 'csv has no JSON'],
  [['csv', '--address', 'a b'], 'not an address'],
  [['csv', '--address', '::'], 'not an address'],
  [['csv', 'nobody'], 'No domain with matching name nobody was found'],
])('%j is refused', async (argv, message) => {
  const result = await run(section('a', 1001), argv);
  expect(result.exitCode).not.toBe(0);
  expect(result.err).toContain(message);
});
