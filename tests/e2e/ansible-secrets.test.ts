/** The role hides passwords from its output, also where a template or a type is wrong, and says all the same what is wrong. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installPrograms } from '#lab/debian-packages.ts';
import { runCommand } from '#lab/run-command.ts';
import { temporaryDirectory } from '#support/temporary-directory.ts';

const ROLES = fileURLToPath(new URL('../../config/ansible/roles', import.meta.url));
const OTHER = '{name: node-0, password: OTHERSECRET}';

beforeAll(async () => {
  await installPrograms({ 'ansible-playbook': 'ansible-core' }, { print: () => undefined });
});

/** What Ansible prints at its most verbose. `tasks`: the inventory's, or only the check of the role's arguments. */
async function play(bmcs: string, tasks: 'inventory' | 'arguments'): Promise<string> {
  const directory = temporaryDirectory();
  const role =
    tasks === 'arguments'
      ? 'roles: [vbmc]'
      : 'tasks: [{include_role: {name: vbmc, tasks_from: inventory.yml}}]';
  const playbook = [
    '- hosts: localhost',
    '  connection: local',
    '  gather_facts: false',
    '  vars:',
    '    ansible_facts: {os_family: Debian}',
    `    vbmc_inventory: ${directory}/missing/domains.ini`,
    '    vbmc_defaults: {password: DEFAULTSECRET}',
    `    vbmc_bmcs: ${bmcs}`,
    `  ${role}`,
  ];
  const path = join(directory, 'play.yml');
  writeFileSync(path, `${playbook.join('\n')}\n`);
  const args = ['-vvv', path, ...(tasks === 'arguments' ? ['--tags', 'none'] : [])];
  const { stdout, stderr } = await runCommand('ansible-playbook', args, {
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: directory,
      LANG: 'C.UTF-8',
      ANSIBLE_ROLES_PATH: ROLES,
      ANSIBLE_NOCOLOR: '1',
    },
    timeoutMs: 120_000,
  });
  return stdout + stderr;
}

test.each([
  [
    'an undefined variable',
    `[${OTHER}, {name: a, password: "{{ vault_typo }}SECRET"}]`,
    'vault_typo is undefined',
  ],
  ['a template that ends too early', `[${OTHER}, {name: a, password: "SECRET{{x"}]`, 'may hold passwords'],
  ['an unknown filter', `[${OTHER}, {name: a, password: "{{ [] | nofilter }}SECRET"}]`, 'may hold passwords'],
  ['a text for a BMC', `[${OTHER}, "SECRET"]`, 'vbmc_bmcs is not a list of dictionaries'],
  ['a value of two lines', `[${OTHER}, {name: a, password: "SEC\\nRETSECRET"}]`, 'more than one line'],
  ['no BMCs', '[]', 'vbmc_bmcs is empty'],
])('%s', async (_, bmcs, message) => {
  for (const tasks of ['inventory', 'arguments'] as const) {
    const text = await play(bmcs, tasks);
    expect(text).toContain('PLAY RECAP');
    expect(text).not.toContain('SECRET');
    if (tasks === 'inventory') expect(text).toContain(message);
  }
});
