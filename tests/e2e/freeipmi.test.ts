/** freeipmi's tools on a real QEMU domain, with `-D LAN_2_0` and no workaround flags. */
import { qemuPid } from '#lab/qemu-process.ts';
import { cipherChoices } from '#support/clients/cipher-choices.ts';
import { startLab, type Lab } from '#lab/lab.ts';

const NAME = 'node-0';
let lab: Lab;
beforeAll(async () => {
  lab = await startLab();
});
afterAll(async () => {
  await lab.stop();
});

describe.each(cipherChoices)('cipher suite $choice', ({ cipher }) => {
  const freeipmi = async (tool: string, ...args: string[]): Promise<string> => {
    const result = await lab.freeipmi(tool, lab.bmc(0), args, cipher);
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    return result.stdout.trim();
  };
  const ipmipower = (option: string): Promise<string> => freeipmi('ipmipower', option);
  /** What ipmipower prints: the host and the outcome. It exits with 0 even after a refusal. */
  const says = (outcome: string): string => `${lab.bmc(0).address}: ${outcome}`;
  let bootsBefore = 0;
  const bootCount = (): number => lab.serialLog(NAME).split('boot disk\r\n').length - 1;
  const waitForBoot = (): Promise<void> => lab.waitForSerial(NAME, 'boot disk', ++bootsBefore);
  beforeAll(() => {
    bootsBefore = bootCount();
  });

  test('bmc-info', async () => {
    const info = await freeipmi('bmc-info');
    expect(info).toMatch(/^IPMI Version +: 2\.0$/m);
    for (const device of ['Chassis', 'FRU Inventory', 'SEL', 'SDR Repository', 'Sensor'])
      expect(info).toMatch(new RegExp(`^${device} Device +: supported$`, 'm'));
    expect(info).toMatch(/^System GUID : [0-9a-f-]{36}$/m);
  });

  test('ipmipower --stat, --on', async () => {
    expect(await ipmipower('--stat')).toBe(says('off'));
    expect(await ipmipower('--on')).toBe(says('ok'));
    expect(await lab.domstate(NAME)).toBe('running');
    await waitForBoot();
    expect(await ipmipower('--stat')).toBe(says('on'));
  });

  test('ipmipower --pulse interrupts the guest', async () => {
    const interrupts = lab.serialLog(NAME).split('nmi\r\n').length - 1;
    expect(await ipmipower('--pulse')).toBe(says('ok'));
    await lab.waitForSerial(NAME, 'nmi', interrupts + 1);
  });

  test('ipmipower --reset boots the same process again', async () => {
    const pid = qemuPid(lab, NAME);
    expect(await ipmipower('--reset')).toBe(says('ok'));
    await waitForBoot();
    expect(qemuPid(lab, NAME)).toBe(pid);
  });

  test('ipmipower --cycle ends the process and starts another', async () => {
    const pid = qemuPid(lab, NAME);
    expect(await ipmipower('--cycle')).toBe(says('ok'));
    await waitForBoot();
    expect(qemuPid(lab, NAME)).not.toBe(pid);
  });

  test('ipmipower --soft lets the guest power itself off', async () => {
    const presses = lab.serialLog(NAME).split('power button\r\n').length - 1;
    expect(await ipmipower('--soft')).toBe(says('ok'));
    await lab.waitForSerial(NAME, 'power button', presses + 1);
    await lab.waitForDomstate(NAME, 'shut off');
    // ipmipower sends again every 0.4 s, each time as a new request: none of that booted the machine once more.
    expect(bootCount()).toBe(bootsBefore);
  });

  test('ipmipower --off ends the domain', async () => {
    await ipmipower('--on');
    await waitForBoot();
    expect(await ipmipower('--off')).toBe(says('ok'));
    expect(await lab.domstate(NAME)).toBe('shut off');
    expect(await ipmipower('--stat')).toBe(says('off'));
  });
});
