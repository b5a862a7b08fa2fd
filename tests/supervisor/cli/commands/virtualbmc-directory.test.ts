/** The verbs on an inventory that VirtualBMC's own files are a part of. */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { addCommand } from '#supervisor/cli/commands/add.ts';
import { discoverCommand } from '#supervisor/cli/commands/discover.ts';
import { virshQueries } from '#supervisor/virsh/virsh-query.ts';
import { runVbmc, type Run } from '#support/supervisor/run-vbmc.ts';
import {
  virtualBmcConfig,
  virtualBmcPlace,
  type VirtualBmcPlace,
} from '#support/supervisor/virtualbmc-files.ts';

interface VerbPlace extends VirtualBmcPlace {
  readonly run: (...argv: string[]) => Promise<Run>;
  readonly configOf: (name: string) => string;
}

function place(further = '', settings?: string): VerbPlace {
  const made = virtualBmcPlace(further, settings);
  const virsh = {
    ...virshQueries(),
    listDomains: () => Promise.resolve({ ok: true, domains: ['node-0', 'vm-1'] } as const),
  };
  const common = ['--run-dir', join(made.inventory, '../run')];
  return {
    ...made,
    run: (verb = '', ...argv) =>
      runVbmc(
        [...common, verb, '--inventory', made.inventory, ...argv],
        [addCommand(virsh), discoverCommand(virsh)],
      ),
    configOf: (name) => readFileSync(join(made.directory, name, 'config'), 'utf8'),
  };
}

test('add writes NAME/config as VirtualBMC does, and nobody else may read it', async () => {
  const { run, configOf, directory, inventory } = place();
  const before = readFileSync(inventory, 'utf8');
  rmSync(directory, { recursive: true });
  const password = '100%;x';
  expect(await run('add', 'node-0', '--port', '6230', '--password', password)).toMatchObject({ exitCode: 0 });
  expect(configOf('node-0')).toBe(
    '[VirtualBMC]\nport = 6230\npassword = 100%%;x\ndomain_name = node-0\nactive = False\n\n',
  );
  const modes = [directory, join(directory, 'node-0'), join(directory, 'node-0/config')];
  expect(modes.map((path) => statSync(path).mode & 0o777)).toEqual([0o700, 0o700, 0o600]);
  expect(readFileSync(inventory, 'utf8')).toBe(before);
  const again = await run('add', 'node-0', '--password', 'p');
  expect(again).toMatchObject({
    exitCode: 1,
    problems: expect.stringContaining('there already is a BMC') as string,
  });
});

test('add takes a BMC with another domain, a connection and SASL', async () => {
  const { run, configOf } = place();
  const sasl = ['--libvirt-sasl-username', 'u', '--libvirt-sasl-password', 'p'];
  const options = ['--domain-name', 'vm-1', '--libvirt-uri', 'qemu+tcp://h/system', ...sasl];
  expect(await run('add', 'node-1', ...options, '--password', 'p')).toMatchObject({ exitCode: 0 });
  expect(configOf('node-1')).toContain('domain_name = vm-1\n');
  expect(configOf('node-1')).toContain('libvirt_sasl_password = p\n');
});

test.each(['..', '.', 'a/b', '../a'])('add %s is refused: it is no name of a directory', async (name) => {
  const { run, directory } = place();
  const { exitCode, problems } = await run('add', name, '--password', 'p', '--no-check');
  expect({ exitCode, problems }).toEqual({
    exitCode: 1,
    problems: expect.stringContaining('is no name of a directory') as string,
  });
  expect(existsSync(join(directory, '../config'))).toBe(false);
});

test('add refuses what the inventory would refuse, and writes nothing', async () => {
  const { run, directory } = place();
  expect((await run('add', 'node-0', '--port', '70000', '--password', 'p')).problems).toContain(
    'is not a UDP port',
  );
  expect((await run('add', 'node-0', '--password', ' p')).problems).toContain('white space');
  expect(existsSync(join(directory, 'node-0'))).toBe(false);
});

test('start and stop change active there, and nothing else', async () => {
  const { run, write, configOf, inventory } = place('[a]\npassword = x\nport = 1\nactive = no\n');
  const text = `; mine\n${virtualBmcConfig('node-0', 6230, 'note = 5 %', 'False')}`;
  write('node-0', text);
  expect(await run('start', 'a', 'node-0')).toMatchObject({ exitCode: 0 });
  expect(configOf('node-0')).toBe(text.replace('active = False', 'active = True'));
  expect(readFileSync(inventory, 'utf8')).toContain('active = yes\n');
  expect(await run('stop', 'node-0')).toMatchObject({ exitCode: 0 });
  expect(configOf('node-0')).toBe(text);
});

test('start of a BMC whose file cannot be edited says why', async () => {
  const { run, write } = place();
  const path = write('node-0', 'nonsense');
  expect(await run('start', 'node-0')).toMatchObject({
    exitCode: 1,
    problems: `vbmc: ${path} cannot be edited: correct what vbmc validate reports about it\n`,
  });
});

test('delete removes NAME/config, and leaves what is not of VirtualBMC', async () => {
  const { run, write, directory } = place('[a]\npassword = x\nport = 1\n');
  write('node-0', virtualBmcConfig('node-0', 6230));
  write('node-1', virtualBmcConfig('node-1', 6231));
  writeFileSync(join(directory, 'node-1/notes'), 'mine');
  expect(await run('delete', 'node-0', 'node-1', 'a')).toMatchObject({ exitCode: 0 });
  expect(existsSync(join(directory, 'node-0'))).toBe(false);
  expect(existsSync(join(directory, 'node-1/config'))).toBe(false);
  expect(readFileSync(join(directory, 'node-1/notes'), 'utf8')).toBe('mine');
  expect((await run('delete', 'node-0')).problems).toContain('No domain with matching name node-0');
});

test('copies that a killed vbmc left are removed: at once beside what is edited, elsewhere when they are old', async () => {
  const { run, write, directory } = place();
  const copy = '.config.01234567-89ab-cdef-0123-456789abcdef';
  for (const name of ['node-0', 'node-1']) write(name, virtualBmcConfig(name, 6230 + Number(name.slice(-1))));
  for (const name of ['killed', 'now']) mkdirSync(join(directory, name));
  for (const name of ['node-0', 'node-1', 'killed', 'now']) writeFileSync(join(directory, name, copy), 'x');
  for (const name of ['node-1', 'killed']) utimesSync(join(directory, name, copy), 1, 1);
  expect(await run('stop', 'node-0')).toMatchObject({ exitCode: 0 });
  expect(readdirSync(join(directory, 'node-0'))).toEqual(['config']);
  expect(readdirSync(join(directory, 'node-1'))).toEqual(['config']);
  expect(readdirSync(join(directory, 'killed'))).toEqual([]);
  expect(readdirSync(join(directory, 'now'))).toEqual([copy]);
});

test('a BMC that both have is gone after delete', async () => {
  const { run, write, inventory } = place('[node-0]\npassword = x\nport = 1\n');
  write('node-0', virtualBmcConfig('node-0', 6230));
  expect(await run('delete', 'node-0')).toMatchObject({ exitCode: 0 });
  expect((await runVbmc(['validate', inventory])).results).toContain('there is no BMC in it');
});

test('discover finds no second BMC for their domains', async () => {
  const { run, write } = place();
  write('mine', virtualBmcConfig('node-0', 6230));
  const { exitCode, results } = await run('discover');
  expect(exitCode).toBe(0);
  expect(results).toMatch(/^\[vm-1\]\nport = 6231\n/);
  expect(results).not.toContain('node-0');
});

test('with virtualbmc_defaults add without a password makes none', async () => {
  const { run, configOf } = place('', 'virtualbmc_dir = theirs\nvirtualbmc_defaults = yes\n');
  expect(await run('add', 'node-0', '--port', '6230')).toMatchObject({ exitCode: 0, results: '' });
  expect(configOf('node-0')).not.toContain('password');
  const own = place('', 'virtualbmc_defaults = yes\n');
  expect(await own.run('add', 'node-0')).toMatchObject({ exitCode: 0, results: '' });
  expect(readFileSync(own.inventory, 'utf8')).toBe(
    '[vbmc]\nvirtualbmc_defaults = yes\n\n[node-0]\nactive = no\n',
  );
  expect((await own.run('add', 'vm-1', '--port', '7', '--generate-password')).results).toContain(
    'generated password',
  );
});

test('validate tells of problems in their files', async () => {
  const { write, inventory } = place();
  const path = write('node-0', '[VirtualBMC]\nport = x\n');
  expect(await runVbmc(['validate', inventory])).toMatchObject({
    exitCode: 1,
    results: expect.stringContaining(
      `${path}:2: [node-0] port: it is not a number: write a UDP port\n`,
    ) as string,
  });
});
