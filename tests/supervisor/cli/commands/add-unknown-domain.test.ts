/** Which domains `vbmc add` and `discover` find: an ordinary user's are with the system's libvirt or in their own session. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addCommand } from '#supervisor/cli/commands/add.ts';
import { discoverCommand } from '#supervisor/cli/commands/discover.ts';
import { systemPaths, type Paths } from '#supervisor/cli/paths.ts';
import type { VirshQueries } from '#supervisor/virsh/virsh-query.ts';
import { runVbmc, type Run } from '#support/supervisor/run-vbmc.ts';
import { temporaryDirectory } from '#support/temporary-directory.ts';

/** The libvirt of an ordinary user: node-0 is with the system, node-1 in both, node-2 in the session. */
const virshOfUser: VirshQueries = {
  version: () => Promise.resolve({ ok: true, text: '9.0.0' }),
  mayManage: (uri) => Promise.resolve({ ok: true, text: uri }),
  listManagedSaves: () => Promise.resolve({ ok: true, domains: [] }),
  listDomains: (uri) => {
    const domains: Readonly<Record<string, readonly string[]>> = {
      'qemu:///system': ['node-0', 'node-1'],
      'qemu:///session': ['node-1', 'node-2'],
      'test:///x': ['node-2'],
    };
    const found = domains[uri];
    return Promise.resolve(
      found === undefined ? { ok: false, kind: 'failed', reason: 'refused' } : { ok: true, domains: found },
    );
  },
};

function ownPaths(): Paths {
  return { ...systemPaths, mode: 'user' };
}

/** Of an ordinary user, whose system's libvirt may be out of reach. */
async function runAsUser(system: 'answers' | 'refuses', ...argv: readonly string[]): Promise<Run> {
  const queries: VirshQueries = {
    ...virshOfUser,
    listDomains: (uri) =>
      virshOfUser.listDomains(system === 'refuses' && uri === 'qemu:///system' ? 'none' : uri),
  };
  return runVbmc(
    ['--run-dir', join(temporaryDirectory(), 'run'), ...argv],
    [addCommand(queries, ownPaths), discoverCommand(queries, ownPaths)],
  );
}

async function runAsRoot(...argv: readonly string[]): Promise<Run> {
  const command = addCommand(virshOfUser, () => systemPaths);
  return runVbmc(['--run-dir', join(temporaryDirectory(), 'run'), ...argv], [command]);
}

function place(text = '') {
  const inventory = join(temporaryDirectory(), 'domains.ini');
  writeFileSync(inventory, text, { mode: 0o600 });
  return { inventory, text: () => readFileSync(inventory, 'utf8') };
}

test.each([
  ['node-0', '', 'answers', 'qemu:///system'],
  ['node-1', '', 'answers', 'qemu:///system'],
  ['node-2', '', 'answers', 'qemu:///session'],
  ['node-2', '', 'refuses', 'qemu:///session'],
  ['node-2', '[a]\npassword=x\nlibvirt_uri=test:///x\n', 'answers', 'test:///x'],
  ['node-0', '[a]\npassword=x\nlibvirt_uri=test:///x\n', 'answers', 'qemu:///system'],
] as const)('%s with the inventory %j, the system %s: %s', async (name, before, system, uri) => {
  const { inventory, text } = place(before);
  const argv = ['add', name, '--port', '9', '--password', 'x', '--inventory', inventory];
  const { exitCode, problems } = await runAsUser(system, ...argv);
  expect(exitCode).toBe(0);
  expect(text()).toContain(`[${name}]\nport = 9\nlibvirt_uri = ${uri}\n`);
  const told = `its libvirt_uri is ${uri}, where the domain is; --libvirt-uri names another\n`;
  if (uri === 'qemu:///system') expect(problems).not.toContain('libvirt_uri');
  else expect(problems).toContain(told);
});

test('a domain that no connection has is refused, a connection in [DEFAULT] is the only one', async () => {
  const { inventory, text } = place('');
  const lost = await runAsUser('refuses', 'add', 'lost', '--inventory', inventory);
  expect(lost.exitCode).toBe(1);
  expect(lost.problems).toContain(
    'No domain with matching name lost was found: qemu:///session has no such domain; qemu:///system cannot be asked: refused: define it first',
  );
  expect(text()).toBe('');
  const written = place('[DEFAULT]\nlibvirt_uri = qemu:///system\n');
  const session = await runAsUser('answers', 'add', 'node-2', '--inventory', written.inventory);
  expect(session.problems).toContain('was found: qemu:///system has no such domain: define it first');
});

test('lists the domains of system and session', async () => {
  const { inventory } = place();
  const { results } = await runAsUser('answers', 'discover', '--inventory', inventory);
  const found = [
    ...results.matchAll(/^\[(.*)\]\n(?:domain_name = (.*)\n)?port = (.*)\n.*\nlibvirt_uri = (.*)$/gm),
  ];
  expect(found.map((match) => match.slice(1))).toEqual([
    ['node-0', undefined, '6230', 'qemu:///system'],
    ['node-1', undefined, '6231', 'qemu:///system'],
    ['node-1-2', 'node-1', '6232', 'qemu:///session'],
    ['node-2', undefined, '6233', 'qemu:///session'],
  ]);
  const without = await runAsUser('refuses', 'discover', '--inventory', inventory);
  expect(without.results.match(/qemu:\/\/\/\w+/g)).toEqual(['qemu:///session', 'qemu:///session']);
});
test('a domain that libvirt does not have is refused in the words of VirtualBMC, and nothing written', async () => {
  const { inventory, text } = place('; mine\n');
  for (const [argv, domain] of [
    [['lost'], 'lost'],
    [['n', '--domain-name', 'lost'], 'lost'],
  ] as const) {
    expect(await runAsRoot('add', ...argv, '--inventory', inventory)).toEqual({
      exitCode: 1,
      results: '',
      problems: `vbmc: No domain with matching name ${domain} was found: qemu:///system has no such domain: define it first, correct the name (--domain-name), or add the BMC all the same (--no-check)\n`,
    });
  }
  expect(text()).toBe('; mine\n');
  const unchecked = await runAsRoot('add', 'lost', '--no-check', '--password', 'x', '--inventory', inventory);
  expect(unchecked).toMatchObject({ exitCode: 0, results: '' });
  expect(unchecked.problems).not.toContain('lost');
  expect(text()).toBe('; mine\n\n[lost]\npassword = x\nactive = no\n');
});

test('a libvirt that does not answer is a warning, and the BMC is added', async () => {
  const { inventory, text } = place();
  const argv = ['lost', '--libvirt-uri', 'qemu:///gone', '--password', 'x', '--inventory', inventory];
  const { exitCode, problems } = await runAsRoot('add', ...argv);
  expect(exitCode).toBe(0);
  expect(problems).toContain(
    'warning: cannot check whether domain lost exists (qemu:///gone cannot be asked: refused): run vbmc doctor\n',
  );
  expect(text()).toContain('[lost]\nlibvirt_uri = qemu:///gone\n');
});

test.each([
  ['[DEFAULT]\nlibvirt_uri = test:///x\n', [], 'inventory'],
  ['', ['--libvirt-uri', 'test:///x'], 'typed'],
] as const)(
  'a connection that the command names is told from one of the inventory %j',
  async (before, more, source) => {
    const { inventory } = place(before);
    const asked: unknown[] = [];
    const queries: VirshQueries = {
      ...virshOfUser,
      listDomains: (uri, _, whose) => {
        asked.push([uri, whose]);
        return virshOfUser.listDomains(uri);
      },
    };
    const argv = ['add', 'node-2', ...more, '--password', 'x', '--inventory', inventory];
    await runVbmc(
      ['--run-dir', join(temporaryDirectory(), 'run'), ...argv],
      [addCommand(queries, () => systemPaths)],
    );
    expect(asked).toEqual([['test:///x', source]]);
  },
);
