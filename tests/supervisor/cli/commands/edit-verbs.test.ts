import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addCommand } from '#supervisor/cli/commands/add.ts';
import { discoverCommand } from '#supervisor/cli/commands/discover.ts';
import type { VirshQueries } from '#supervisor/virsh/virsh-query.ts';
import { runVbmc, type Run } from '#support/supervisor/run-vbmc.ts';
import { scriptedDaemon } from '#support/supervisor/scripted-daemon.ts';
import { temporaryDirectory } from '#support/temporary-directory.ts';

const applied = {
  outcome: 'applied',
  ...{ added: [], removed: [], changed: [], updated: [], started: [], stopped: [], unchanged: [] },
  ...{ problems: [], warnings: [], durationMs: 1 },
};

const virsh: VirshQueries = {
  version: () => Promise.resolve({ ok: true, text: '9.0.0' }),
  mayManage: (uri) => Promise.resolve({ ok: true, text: uri }),
  listManagedSaves: () => Promise.resolve({ ok: true, domains: [] }),
  listDomains: (uri) =>
    Promise.resolve(
      uri === 'qemu:///gone'
        ? { ok: false, kind: 'failed', reason: 'Connection refused' }
        : { ok: true, domains: ['node-0', 'node-1', 'node-2', 'web]1'] },
    ),
};

/** With a domain `n` too, for BMCs of that name. */
const virshOfAdd: VirshQueries = {
  ...virsh,
  listDomains: async (uri) => {
    const answer = await virsh.listDomains(uri);
    return answer.ok ? { ok: true, domains: [...answer.domains, 'n'] } : answer;
  },
};

interface Place {
  readonly inventory: string;
  readonly run: (...argv: string[]) => Promise<Run>;
  readonly text: () => string;
}

function place(text = ''): Place {
  const directory = temporaryDirectory();
  const inventory = join(directory, 'domains.ini');
  writeFileSync(inventory, text, { mode: 0o600 });
  return {
    inventory,
    run: async (...argv) =>
      runVbmc(
        ['--run-dir', join(directory, 'run'), ...argv],
        [addCommand(virshOfAdd), discoverCommand(virsh)],
      ),
    text: () => readFileSync(inventory, 'utf8'),
  };
}

/** A place whose inventory is used by a vbmcd that answers a reload with `body`. */
async function live(text: string, body: unknown = applied): Promise<Place & { requests: readonly string[] }> {
  const made = place(text);
  const requests = await scriptedDaemon(join(made.inventory, '..', 'run'), {
    'GET /v1/status': { body: { inventoryPath: made.inventory } },
    'POST /v1/reload': { body },
  });
  return { ...made, requests };
}

describe("VirtualBMC's documented command lines", () => {
  test('run unchanged, one after the other', async () => {
    const { run, text, requests } = await live('');
    const lines = [
      'add node-0',
      'add node-1 --port 6230',
      'start node-0',
      'stop node-0',
      '--no-daemon start node-0 node-1',
      'delete node-1',
      'add node-1 --port 6230 --libvirt-uri qemu+ssh://username@192.168.122.1/system',
    ];
    for (const line of lines) expect(await run(...line.split(' '))).toMatchObject({ exitCode: 0 });
    expect(text()).toMatch(
      /^\[node-0\]\npassword = \w{16}\nactive = yes\n\n\[node-1\]\nport = 6230\nlibvirt_uri = qemu\+ssh:\/\/username@192\.168\.122\.1\/system\npassword = \w{16}\nactive = no\n$/,
    );
    const reloads = requests.filter((request) => request.startsWith('POST'));
    expect(reloads).toHaveLength(lines.length);
    // vbmcd refuses to lose its only BMC unless that is meant.
    expect(reloads[5]).toBe('POST /v1/reload?removes=node-1');
  });

  test.each(['--help', 'add --help', 'start --help', 'stop --help', 'delete --help'])(
    'vbmc %s lists the exit codes',
    async (line) => {
      const { exitCode, results } = await place().run(...line.split(' '));
      expect(exitCode).toBe(0);
      expect(results).toContain('Exit codes:');
    },
  );
});

describe('add', () => {
  test('every argument of VirtualBMC', async () => {
    const { run, text } = await live('; mine\n');
    const argv =
      'add n --username u --password p;1 --port 7 --address ::1 --libvirt-uri test:///x --libvirt-sasl-username s --libvirt-sasl-password'.split(
        ' ',
      );
    const { exitCode, results } = await run(...argv, 'q "');
    expect({ exitCode, results }).toEqual({ exitCode: 0, results: '' });
    expect(text()).toBe(
      '; mine\n\n[n]\nport = 7\naddress = ::1\nusername = u\nlibvirt_uri = test:///x\nlibvirt_sasl_username = s\npassword = "p;1"\nlibvirt_sasl_password = q "\nactive = no\n',
    );
  });

  test('a generated password is printed once; none is generated when the inventory has a default', async () => {
    const asked = place();
    expect(
      (await asked.run('add', 'n', '--generate-password', '--inventory', asked.inventory)).results,
    ).toMatch(/^generated password of n: \w{16}\n$/);
    const withDefault = place('[DEFAULT]\npassword = password\n');
    const { results } = await withDefault.run('add', 'n', '--inventory', withDefault.inventory);
    expect(results).toBe('');
    expect(withDefault.text()).toBe('[DEFAULT]\npassword = password\n\n[n]\nactive = no\n');
  });

  test.each([
    [
      'that of [DEFAULT]',
      '[DEFAULT]\nlibvirt_uri=test:///d\n[a]\npassword=x\nlibvirt_uri=test:///x\n',
      undefined,
      '',
    ],
    [
      'the only one of the others',
      '[a]\npassword=x\nlibvirt_uri=test:///x\n[b]\nport=2\npassword=x\nlibvirt_uri=test:///x\n',
      'test:///x',
      'vbmc: its libvirt_uri is test:///x, as that of all other BMCs; --libvirt-uri names another\n',
    ],
    [
      'the built-in one where there are several',
      '[a]\npassword=x\nlibvirt_uri=test:///x\n[b]\nport=2\npassword=x\nlibvirt_uri=test:///y\n',
      undefined,
      'vbmc: its libvirt_uri is qemu:///system; the other BMCs have test:///x, test:///y; --libvirt-uri names another\n',
    ],
    ['the built-in one where the others have it', '[a]\npassword=x\n', undefined, ''],
    ['the built-in one where there is no other', '', undefined, ''],
  ])('without --libvirt-uri the connection is %s', async (_, before, written, told) => {
    const { run, inventory, text } = place(before);
    const result = await run('add', 'node-0', '--port', '9', '--password', 'x', '--inventory', inventory);
    expect(result.exitCode).toBe(0);
    const noDaemon = `vbmc: ${inventory} was changed; no running vbmcd uses it\n`;
    expect(result.problems).toBe(`${noDaemon}${told}`);
    const section = text().slice(text().indexOf('[node-0]'));
    expect(/libvirt_uri = (.*)/.exec(section)?.[1]).toBe(written);
  });

  test.each([
    ['a name that exists', 'add a', 1, 'there already is a BMC a (the inventory, line 1)'],
    ['a bad port', 'add n --port 0', 1, ':5: [n] port: 0 is not a UDP port (1-65535)'],
    ['a password that is too long', `add n --password ${'x'.repeat(21)}`, 1, 'the password has 21 bytes'],
    ['a reserved name', 'add DEFAULT', 1, '--domain-name'],
    ['half of SASL', 'add n --libvirt-sasl-username x', 2, 'SASL needs both'],
    ['two passwords', 'add n --password x --generate-password', 2, 'exclude each other'],
  ])('%s is refused and nothing written', async (_, line, exitCode, message) => {
    const { run, inventory, text } = place('[a]\npassword=x\n');
    const { problems, ...rest } = await run(...line.split(' '), '--inventory', inventory);
    expect(rest).toEqual({ exitCode, results: '' });
    expect(problems).toContain(message);
    expect(text()).toBe('[a]\npassword=x\n');
  });
});

describe('start and stop', () => {
  test('the port of another BMC is refused before anything is written', async () => {
    const before = '[a]\npassword=x\n[b]\npassword=x\nactive=no\n';
    const { run, text, requests } = await live(before);
    const { exitCode, problems } = await run('start', 'b');
    expect(exitCode).toBe(1);
    expect(problems).toContain(':3: [b] port: [::]:623 is taken by [a]');
    expect(text()).toBe(before);
    expect(requests).not.toContain('POST /v1/reload');
  });

  test('an unknown name is refused, and no BMC is stopped', async () => {
    const { run, text } = await live('[a]\npassword=x\n');
    expect(await run('stop', 'a', 'b')).toMatchObject({
      exitCode: 1,
      problems: expect.stringContaining('No domain with matching name b was found') as string,
    });
    expect(text()).toBe('[a]\npassword=x\n');
  });

  test('a BMC that does not start is reported with the cause', async () => {
    const reason = 'port 623/udp on :: is in use by another process';
    const problems = [
      { name: 'a', status: 'bindFailed', reason, awaitsAddress: false },
      { name: 'b', status: 'bindFailed', reason: 'not asked for', awaitsAddress: false },
    ];
    const { run } = await live('[a]\npassword=x\nactive=no\n', { ...applied, problems });
    expect(await run('start', 'a')).toEqual({
      exitCode: 6,
      results: '',
      problems: `vbmc: a is bindFailed: ${reason}\n`,
    });
  });

  test('a BMC that waits for its address is a warning', async () => {
    const reason = 'waiting for 192.0.2.1';
    const problems = [{ name: 'a', status: 'bindFailed', reason, awaitsAddress: true }];
    const { run } = await live('[a]\npassword=x\nactive=no\n', { ...applied, problems });
    expect(await run('start', 'a')).toEqual({
      exitCode: 0,
      results: '',
      problems: `vbmc: a is bindFailed: ${reason}\n`,
    });
  });

  test('when vbmcd rejects the inventory, all errors are printed', async () => {
    const body = { outcome: 'rejected', errors: ['domains.ini:3: one', 'domains.ini:4: two'], warnings: [] };
    const { run } = await live('[a]\npassword=x\nactive=no\n[b]\nport=x\n', body);
    const { exitCode, problems } = await run('start', 'a');
    expect(exitCode).toBe(5);
    expect(problems).toContain('  domains.ini:3: one\n  domains.ini:4: two\n');
  });

  test('without vbmcd the inventory is edited, and a message says so', async () => {
    const { run, inventory, text } = place('[a]\npassword=x\n');
    const { exitCode, problems } = await run('stop', 'a', '--inventory', inventory);
    expect(exitCode).toBe(0);
    expect(problems).toContain('no running vbmcd uses it');
    expect(text()).toBe('[a]\npassword=x\nactive = no\n');
  });
});

test("delete removes the BMC's section and its users, and nothing else", async () => {
  const { run, text } = await live(
    '; 1\n[a]\npassword=x\n; 2\n[a user u]\npassword=y\nprivilege=user\n\n[b]\npassword=x\nport=2\n',
  );
  expect(await run('delete', 'a', '--json')).toMatchObject({ exitCode: 0 });
  expect(text()).toBe('; 1\n; 2\n\n[b]\npassword=x\nport=2\n');
});

describe('discover', () => {
  const text = '[node-0]\npassword=x\nport=6230\n[other]\ndomain_name=node-1\npassword=x\nport=6231\n';

  test('prints sections for domains without a BMC, with unused ports', async () => {
    const { run, inventory, text: now } = place(text);
    const { exitCode, results } = await run('discover', '--inventory', inventory);
    expect(exitCode).toBe(0);
    expect(results).toMatch(
      /^\[node-2\]\nport = 6232\npassword = \w{16}\nlibvirt_uri = qemu:\/\/\/system\n\n\[web-1\]\ndomain_name = web\]1\nport = 6233\n/,
    );
    expect(now()).toBe(text);
  });

  test('asks the connection that the inventory has', async () => {
    const { run, inventory } = place(
      '[DEFAULT]\nlibvirt_uri=test:///d\n[a]\npassword=x\nlibvirt_uri=test:///x\n',
    );
    const { results } = await run('discover', '--inventory', inventory);
    expect(results.match(/libvirt_uri = .*/g)?.[0]).toBe('libvirt_uri = test:///d');
  });

  test('--write adds the sections; the second time there is nothing to do', async () => {
    const { run, inventory } = place(text);
    const argv = ['discover', '--write', '--first-port', '7000', '--inventory', inventory, '--json'];
    const { results } = await run(...argv);
    expect(JSON.parse(results)).toEqual([
      { name: 'node-2', domain: 'node-2', port: 7000, connectionUri: 'qemu:///system' },
      { name: 'web-1', domain: 'web]1', port: 7001, connectionUri: 'qemu:///system' },
    ]);
    expect(await run('validate', inventory)).toEqual({ exitCode: 0, results: '', problems: '' });
    expect(JSON.parse((await run(...argv)).results)).toEqual([]);
  });

  test.each([
    ['a URI that does not answer', ['--uri', 'qemu:///gone'], 1, 'Connection refused'],
    ['a port that is none', ['--first-port', '0'], 2, 'not a UDP port'],
  ])('%s is an error', async (_, options, exitCode, message) => {
    const { run, inventory } = place();
    const { problems, ...rest } = await run('discover', '--inventory', inventory, ...options);
    expect(rest).toEqual({ exitCode, results: '' });
    expect(problems).toContain(message);
  });
});
