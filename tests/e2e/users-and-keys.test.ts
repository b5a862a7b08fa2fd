/** Users with their privileges and K_g, by the standard clients, on a running domain and on one that is off. */
import type { CommandResult } from '#lab/run-command.ts';
import type { FreeipmiOptions, IpmitoolOptions } from '#support/clients/ipmi-clients.ts';
import { startLab, type Lab } from '#lab/lab.ts';
import { consoleTo } from '#support/clients/console-to.ts';
import { UdpConsole } from '#support/console/udp-console.ts';

type Level = 'CALLBACK' | 'USER' | 'OPERATOR' | 'ADMINISTRATOR';

const users = ['callback', 'user', 'operator'] as const;
function passwordOf(user: string): string {
  return `pw of ${user}`;
}
const INVENTORY_SECTIONS = users
  .map((user) => `[node-0 user ${user}]\npassword = ${passwordOf(user)}\nprivilege = ${user}\n`)
  .join('\n');

function as(user: string): { user: string; password: string } {
  return { user, password: passwordOf(user) };
}

describe('users', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await startLab({
      vbmcd: { inventorySections: INVENTORY_SECTIONS, inventoryKeys: { ipmi_1_5: 'yes' } },
    });
  });
  afterAll(async () => {
    await lab.stop();
  });
  beforeEach(async () => {
    if ((await lab.domstate('node-0')) === 'shut off') await lab.libvirt.virsh('start', 'node-0');
  });

  const off = (options: IpmitoolOptions): Promise<CommandResult> =>
    lab.ipmitool(lab.bmc(0), ['power', 'off'], options);

  /** Who logs in, with which `-L`, and whether a power off is done; undefined: the administrator of the BMC. */
  const cases: [user: string | undefined, level: Level, done: boolean][] = [
    [undefined, 'ADMINISTRATOR', true],
    [undefined, 'OPERATOR', true],
    [undefined, 'USER', false],
    [undefined, 'CALLBACK', false],
    ['operator', 'ADMINISTRATOR', false],
    ['operator', 'OPERATOR', true],
    ['operator', 'USER', false],
    ['user', 'OPERATOR', false],
    ['user', 'USER', false],
    ['callback', 'CALLBACK', false],
  ];

  describe.each(['lanplus', 'lan'] as const)('by ipmitool -I %s', (through) => {
    test.each(cases)('%s with -L %s: power off is done: %s', async (user, privilegeLevel, done) => {
      const result = await off({ ...(user !== undefined && as(user)), privilegeLevel, interface: through });

      expect(result.exitCode).toBe(done ? 0 : 1);
      expect(await lab.domstate('node-0')).toBe(done ? 'shut off' : 'running');
    });

    test.each([
      [undefined, 'USER'],
      ['user', 'USER'],
      ['operator', 'OPERATOR'],
    ] as const)('%s with -L %s may read', async (user, privilegeLevel) => {
      const who = { ...(user !== undefined && as(user)), privilegeLevel, interface: through };
      for (const [args, said] of [
        [['power', 'status'], 'Chassis Power is on'],
        [['mc', 'info'], 'IPMI Version'],
        [['channel', 'info', '1'], 'Channel Medium Type'],
      ] as const) {
        const result = await lab.ipmitool(lab.bmc(0), args, who);
        expect(result).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(said) as string });
      }
    });
  });

  test('by freeipmi', async () => {
    const ipmipower = (who: FreeipmiOptions, action: string): Promise<CommandResult> =>
      lab.freeipmi('ipmipower', lab.bmc(0), [action], who);
    expect((await ipmipower({ ...as('user'), privilegeLevel: 'USER' }, '--stat')).stdout).toMatch(/: on\n$/);
    // Over IPMI 2.0 ipmipower ends without a word when a level is refused; what counts is that nothing happened.
    const asOperator = { ...as('user'), privilegeLevel: 'OPERATOR' } as const;
    expect((await ipmipower(asOperator, '--off')).stdout).not.toContain('ok');
    expect(await ipmipower({ ...asOperator, driver: 'LAN' }, '--off')).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining('privilege level cannot be obtained') as string,
    });
    expect(await lab.domstate('node-0')).toBe('running');
    const done = await lab.freeipmi('ipmipower', lab.bmc(0), ['--off', '--wait-until-off'], {
      ...as('operator'),
      privilegeLevel: 'OPERATOR',
    });
    expect(done.stdout).toMatch(/: ok\n$/);
    expect(await lab.domstate('node-0')).toBe('shut off');
  });

  test('ipmitool lists them with their limits', async () => {
    const { stdout } = await lab.ipmitool(lab.bmc(0), ['user', 'list', '1']);
    const rows = stdout.split('\n').map((line) => line.trim().split(/\s+/));
    expect(rows.slice(2, 6).map(([id, name, , , , level]) => [id, name, level])).toEqual([
      ['2', lab.bmc(0).username, 'ADMINISTRATOR'],
      ['3', 'callback', 'CALLBACK'],
      ['4', 'user', 'USER'],
      ['5', 'operator', 'OPERATOR'],
    ]);
  });

  test('ipmitool shows a user’s access and the sessions', async () => {
    const access = await lab.ipmitool(lab.bmc(0), ['channel', 'getaccess', '1', '4']);
    expect(access.stdout).toMatch(/User Name\s+: user/);
    expect(access.stdout).toMatch(/Privilege Level\s+: USER/);
  });

  test('ipmitool lists the sessions, and an empty one for none of the free slots', async () => {
    const other = await UdpConsole.connect(consoleTo(lab.bmc(0)));
    const info = (...args: string[]): Promise<CommandResult> =>
      lab.ipmitool(lab.bmc(0), ['session', 'info', ...args]);
    const valuesOf = (text: string, name: string): string[] =>
      [...text.matchAll(new RegExp(`^${name} *: (.*)$`, 'gm'))].map(([, value = '']) => value);

    const all = await info('all');
    const handles = valuesOf(all.stdout, 'session handle');
    expect(handles).toHaveLength(2);
    expect(handles).not.toContain('0');
    expect(valuesOf(all.stdout, 'user id')).toEqual(['2', '2']);
    expect(valuesOf(all.stdout, 'active sessions')).toEqual(['2', '2']);
    expect(all.stderr).toBe('');

    expect(valuesOf((await info('active')).stdout, 'console ip')).toEqual(['127.0.0.1']);
    const byHandle = await info('handle', handles[0] ?? '');
    expect(valuesOf(byHandle.stdout, 'session handle')).toEqual([handles[0]]);
    const byId = await info('id', `0x${other.console.managedSystemSessionId.toString(16)}`);
    expect(valuesOf(byId.stdout, 'session handle')).toEqual([handles[0]]);

    for (const unknown of [await info('handle', '99'), await info('id', '0xdeadbeef')]) {
      expect(unknown).toMatchObject({ exitCode: 1, stdout: '' });
      expect(unknown.stderr).toContain('Requested sensor, data, or record not found');
    }
    await other.close();
  });
});

describe('a BMC with K_g and a privilege limit', () => {
  const kg = 'the key of this BMC';
  let lab: Lab;
  beforeAll(async () => {
    lab = await startLab({ vbmcd: { inventoryKeys: { kg, privilege_limit: 'operator' } } });
  });
  afterAll(async () => {
    await lab.stop();
  });
  beforeEach(async () => {
    if ((await lab.domstate('node-0')) === 'shut off') await lab.libvirt.virsh('start', 'node-0');
  });

  test.each([17, 3])('lets ipmitool with it in, cipher suite %i', async (cipher) => {
    const off = await lab.ipmitool(lab.bmc(0), ['power', 'off'], { kg, cipher, privilegeLevel: 'OPERATOR' });
    expect(off).toMatchObject({ exitCode: 0, stdout: 'Chassis Power Control: Down/Off\n' });
    expect(await lab.domstate('node-0')).toBe('shut off');
  });

  test('lets freeipmi with it in', async () => {
    const off = await lab.freeipmi('ipmipower', lab.bmc(0), ['--off', '--wait-until-off'], {
      kg,
      privilegeLevel: 'OPERATOR',
    });
    expect(off.stdout).toMatch(/: ok\n$/);
    expect(await lab.domstate('node-0')).toBe('shut off');
  });

  test.each([
    ['another one', { kg: 'another key' }],
    ['none', {}],
  ])('with %s every login is refused', async (_what, key) => {
    const byIpmitool = await lab.ipmitool(lab.bmc(0), ['power', 'off'], {
      ...key,
      privilegeLevel: 'OPERATOR',
    });
    expect(byIpmitool.exitCode).toBe(1);
    const byFreeipmi = await lab.freeipmi('ipmipower', lab.bmc(0), ['--off'], {
      ...key,
      privilegeLevel: 'OPERATOR',
    });
    expect(byFreeipmi).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining('k_g invalid') as string,
    });
    expect(await lab.domstate('node-0')).toBe('running');
  });

  test('refuses every privilege level above its limit', async () => {
    const off = await lab.ipmitool(lab.bmc(0), ['power', 'off'], { kg, privilegeLevel: 'ADMINISTRATOR' });
    expect(off.exitCode).toBe(1);
    expect(off.stderr).toContain('Set Session Privilege Level to ADMINISTRATOR failed');
    expect(await lab.domstate('node-0')).toBe('running');
    // Get Channel Access: the settings in force; the second byte is the limit.
    const access = ['raw', '0x06', '0x41', '0x01', '0x80'];
    const limit = await lab.ipmitool(lab.bmc(0), access, { kg, privilegeLevel: 'USER' });
    expect(limit).toMatchObject({ exitCode: 0, stdout: ' 22 03\n' });
  });
});
