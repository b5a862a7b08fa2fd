/** Users that clients make by IPMI, with the standard clients: made, logged in, kept over kills, removed. */
import type { CommandResult } from '#lab/run-command.ts';
import { startLab, type Lab } from '#lab/lab.ts';
import { startLabVbmcd, type LabVbmcd } from '#lab/vbmcd.ts';
import { waitFor } from '#support/wait-for.ts';
import { firstAnswer } from '#support/clients/first-answer.ts';

const PASSWORD = 'made by IPMI';
const made = { user: 'maas', password: PASSWORD, privilegeLevel: 'ADMINISTRATOR' } as const;

const inventory = {
  inventorySections: '[node-0 user helper]\npassword = help\nprivilege = operator\n',
  inventoryKeys: { user_changes: 'yes' },
};

let lab: Lab;
let vbmcd: LabVbmcd;
beforeAll(async () => {
  lab = await startLab({ vbmcd: inventory });
  vbmcd = lab.vbmcd;
});
afterAll(async () => {
  await lab.stop();
});

async function ipmitool(args: readonly string[], who = {}): Promise<CommandResult> {
  return lab.ipmitool(lab.bmc(0), args, who);
}

async function done(args: readonly string[], who = {}): Promise<string> {
  const result = await ipmitool(args, who);
  expect(result).toMatchObject({ exitCode: 0 });
  return result.stdout;
}

async function canLogIn(): Promise<boolean> {
  await firstAnswer(lab.bmc(0), { retransmitAfterMs: 50 });
  return (await ipmitool(['mc', 'info'], made)).exitCode === 0;
}

test('ipmitool: name, password, level, enabled; then the user logs in', async () => {
  await done(['user', 'set', 'name', '4', 'maas']);
  await done(['user', 'set', 'password', '4', PASSWORD, '16']);
  await done(['user', 'priv', '4', '4', '1']);
  expect(await canLogIn()).toBe(false);
  await done(['user', 'enable', '4']);
  expect(await canLogIn()).toBe(true);
  const list = await done(['user', 'list', '1']);
  expect(list).toMatch(/^2 +admin .*ADMINISTRATOR$/m);
  expect(list).toMatch(/^4 +maas +.*true +ADMINISTRATOR$/m);
  expect(await done(['user', 'summary', '1'])).toMatch(/^Maximum IDs\s+: 10$/m);
  expect(await done(['user', 'test', '4', '16', PASSWORD])).toContain('Success');
  expect(await ipmitool(['user', 'test', '4', '16', 'another'])).toMatchObject({ exitCode: 1 });
  const { stdout } = await vbmcd.vbmc('users', 'list', 'node-0');
  expect(stdout).toMatch(/^4 +"maas" +administrator +IPMI$/m);
});

test('the users of the inventory stay as they are, and their levels', async () => {
  for (const args of [
    ['user', 'set', 'name', '2', 'root'],
    ['user', 'set', 'password', '2', 'stolen', '16'],
    ['user', 'disable', '3'],
  ])
    expect(await ipmitool(args)).toMatchObject({ exitCode: 1 });
  const helper = { user: 'helper', password: 'help', privilegeLevel: 'OPERATOR' } as const;
  for (const id of ['3', '5'])
    expect(await ipmitool(['user', 'priv', id, '4', '1'], helper)).toMatchObject({ exitCode: 1 });
  expect(await done(['user', 'list', '1'], helper)).toMatch(/^3 +helper .*OPERATOR$/m);
});

test('the user outlives its worker, a reload and vbmcd', async () => {
  const { pid } = (await vbmcd.list()).find(({ name }) => name === 'node-0') ?? {};
  process.kill(Number(pid), 'SIGKILL');
  expect(await canLogIn()).toBe(true);
  await vbmcd.vbmc('reload');
  expect(await canLogIn()).toBe(true);
  await vbmcd.stop('SIGKILL');
  vbmcd = await startLabVbmcd(lab.libvirt, vbmcd.bmcs, inventory);
  expect(await canLogIn()).toBe(true);
});

test('freeipmi: bmc-config commits a user in the order of MAAS', async () => {
  const file = lab.libvirt.directory.write(
    'user.conf',
    `Section User5
 Username ipxe
 Password another-word
 Enable_User Yes
 Lan_Enable_IPMI_Msgs Yes
 Lan_Enable_Link_Auth Yes
 Lan_Privilege_Limit Operator
 SOL_Payload_Access Yes
EndSection
`,
  );
  const committed = await lab.freeipmi('bmc-config', lab.bmc(0), ['--commit', '--filename', file]);
  expect(committed).toMatchObject({ exitCode: 0, stdout: '', stderr: '' });
  const who = { user: 'ipxe', password: 'another-word', privilegeLevel: 'OPERATOR' } as const;
  expect(await done(['power', 'status'], who)).toContain('Chassis Power is off');
});

test('vbmc users reset removes them', async () => {
  const reset = await vbmcd.vbmc('users', 'reset', 'node-0');
  expect(reset).toMatchObject({ exitCode: 0, stdout: '2 users made by IPMI removed\n' });
  await waitFor('the worker to know', async () => !(await canLogIn()));
  expect(await done(['user', 'list', '1'])).not.toContain('maas');
});
