/** IPMI 1.5 sessions with the standard clients, only where the inventory allows them. */
import { startLab, type Lab } from '#lab/lab.ts';

describe('a BMC with ipmi_1_5', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await startLab({ vbmcd: { inventoryKeys: { ipmi_1_5: 'yes' } } });
  });
  afterAll(async () => {
    await lab.stop();
  });

  test('ipmitool -I lan switches the domain on, reads it and switches it off', async () => {
    const on = await lab.ipmitool(lab.bmc(0), ['power', 'on'], { interface: 'lan' });
    expect(on).toMatchObject({ exitCode: 0, stdout: 'Chassis Power Control: Up/On\n' });
    expect(await lab.domstate('node-0')).toBe('running');
    const status = await lab.ipmitool(lab.bmc(0), ['power', 'status'], { interface: 'lan' });
    expect(status).toMatchObject({ exitCode: 0, stdout: 'Chassis Power is on\n' });
    const off = await lab.ipmitool(lab.bmc(0), ['power', 'off'], { interface: 'lan' });
    expect(off).toMatchObject({ exitCode: 0, stdout: 'Chassis Power Control: Down/Off\n' });
    expect(await lab.domstate('node-0')).toBe('shut off');
  });

  test('ipmitool -I lan sets a boot device and lists its own session', async () => {
    const info = await lab.ipmitool(lab.bmc(0), ['session', 'info', 'active'], { interface: 'lan' });
    expect(info.stdout).toMatch(/privilege level\s+: ADMINISTRATOR/);
    expect(info.stdout).toMatch(/session type\s+: IPMIv1.5/);
    expect(info.stdout).toMatch(/console ip\s+: 127\.0\.0\.1/);
    const bootdev = await lab.ipmitool(lab.bmc(0), ['chassis', 'bootdev', 'pxe'], { interface: 'lan' });
    expect(bootdev).toMatchObject({ exitCode: 0, stdout: 'Set Boot Device to pxe\n' });
  });

  test('ipmipower with its default driver, as fence agents use it', async () => {
    const on = await lab.freeipmi('ipmipower', lab.bmc(0), ['--on', '--wait-until-on'], { driver: 'LAN' });
    expect(on).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/: ok\n$/) as string });
    expect(await lab.domstate('node-0')).toBe('running');
    const stat = await lab.freeipmi('ipmipower', lab.bmc(0), ['--stat'], { driver: 'LAN' });
    expect(stat).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/: on\n$/) as string });
    const off = await lab.freeipmi('ipmipower', lab.bmc(0), ['--off', '--wait-until-off'], { driver: 'LAN' });
    expect(off).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/: ok\n$/) as string });
    expect(await lab.domstate('node-0')).toBe('shut off');
  });

  test('bmc-info reads the device', async () => {
    const info = await lab.freeipmi('bmc-info', lab.bmc(0), ['--get-device-id'], { driver: 'LAN' });
    expect(info).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('IPMI Version') as string });
  });

  test.each([
    ['a wrong password', { password: 'wrong' }],
    ['an unknown user', { user: 'nobody' }],
  ])('%s gets no answer to Activate Session', async (_what, who) => {
    const quick = { interface: 'lan', retryIntervalSeconds: 1, tries: 2 } as const;
    const on = await lab.ipmitool(lab.bmc(0), ['power', 'on'], { ...who, ...quick });
    expect(on.exitCode).toBe(1);
    expect(on.stderr).toContain('Activate Session command failed');
    expect(await lab.domstate('node-0')).toBe('shut off');
  });

  test('freeipmi takes the silence for a wrong password', async () => {
    const wrong = { driver: 'LAN', password: 'wrong', sessionTimeoutMs: 2_000 } as const;
    const on = await lab.freeipmi('ipmipower', lab.bmc(0), ['--on'], wrong);
    expect(on.exitCode).toBe(1);
    expect(on.stdout).toMatch(/: password verification timeout\n$/);
    expect(await lab.domstate('node-0')).toBe('shut off');
  });

  test('IPMI 2.0 still works', async () => {
    const status = await lab.ipmitool(lab.bmc(0), ['power', 'status']);
    expect(status).toMatchObject({ exitCode: 0, stdout: 'Chassis Power is off\n' });
  });
});

describe('a BMC without', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await startLab();
  });
  afterAll(async () => {
    await lab.stop();
  });

  test('tells ipmitool -I lan that it has no such authentication', async () => {
    const on = await lab.ipmitool(lab.bmc(0), ['power', 'on'], { interface: 'lan' });
    expect(on.exitCode).toBe(1);
    expect(on.stderr).toMatch(/Authentication type NONE not supported/);
    expect(await lab.domstate('node-0')).toBe('shut off');
  });

  test('tells freeipmi so', async () => {
    const on = await lab.freeipmi('ipmipower', lab.bmc(0), ['--on'], { driver: 'LAN' });
    expect(on.exitCode).toBe(1);
    expect(on.stdout).toMatch(/: authentication type unavailable for attempted privilege level\n$/);
    expect(await lab.domstate('node-0')).toBe('shut off');
  });
});
