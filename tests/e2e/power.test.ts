/** ipmitool's power commands on real QEMU domains, judged by the state of the domain. */
import { qemuPid } from '#lab/qemu-process.ts';
import { cipherChoices } from '#support/clients/cipher-choices.ts';
import { startLab, type Lab } from '#lab/lab.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await startLab({ domains: cipherChoices.length });
});
afterAll(async () => {
  await lab.stop();
});

describe.each(cipherChoices)('ipmitool, cipher suite $choice', ({ index, cipher }) => {
  const name = `node-${index}`;
  /** What ipmitool says of an operation that the BMC reports as done. */
  const power = async (operation: string): Promise<string> => {
    const result = await lab.ipmitool(lab.bmc(index), ['chassis', 'power', operation], cipher);
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    return result.stdout.trim();
  };
  const lines = (): string[] => lab.serialLog(name).split('\r\n').slice(0, -1);

  // The operations follow each other as in a machine's life: each test begins where the last one ended.
  test('status of a domain that is shut off', async () => {
    expect(await power('status')).toBe('Chassis Power is off');
    expect(await lab.domstate(name)).toBe('shut off');
  });

  test.each(['reset', 'cycle', 'soft', 'diag'])(
    '%s of a domain that is off is refused',
    async (operation) => {
      const { exitCode, stderr } = await lab.ipmitool(lab.bmc(index), ['power', operation], cipher);
      expect(exitCode).toBe(1);
      expect(stderr).toContain('Command not supported in present state');
      expect(await lab.domstate(name)).toBe('shut off');
    },
  );

  test('on starts the domain', async () => {
    expect(await power('on')).toBe('Chassis Power Control: Up/On');
    expect(await lab.domstate(name)).toBe('running');
    expect(await power('status')).toBe('Chassis Power is on');
    await lab.waitForSerial(name, 'boot disk');
  });

  test('on of a domain that runs leaves it alone', async () => {
    const pid = qemuPid(lab, name);
    await power('on');
    expect(qemuPid(lab, name)).toBe(pid);
    expect(lines()).toEqual(['boot disk']);
  });

  test('diag interrupts the guest', async () => {
    expect(await power('diag')).toBe('Chassis Power Control: Diag');
    await lab.waitForSerial(name, 'nmi');
    expect(await lab.domstate(name)).toBe('running');
  });

  test('reset boots the same process again', async () => {
    const pid = qemuPid(lab, name);
    expect(await power('reset')).toBe('Chassis Power Control: Reset');
    await lab.waitForSerial(name, 'boot disk', 2);
    expect(qemuPid(lab, name)).toBe(pid);
  });

  test('cycle ends the process and starts another', async () => {
    const pid = qemuPid(lab, name);
    expect(await power('cycle')).toBe('Chassis Power Control: Cycle');
    expect(await lab.domstate(name)).toBe('running');
    expect(qemuPid(lab, name)).not.toBe(pid);
    await lab.waitForSerial(name, 'boot disk', 3);
  });

  test('soft lets the guest power itself off', async () => {
    expect(await power('soft')).toBe('Chassis Power Control: Soft');
    await lab.waitForSerial(name, 'power button');
    await lab.waitForDomstate(name, 'shut off');
    expect(await power('status')).toBe('Chassis Power is off');
  });

  test('off ends the domain without asking the guest', async () => {
    await power('on');
    await lab.waitForSerial(name, 'boot disk', 4);
    expect(await power('off')).toBe('Chassis Power Control: Down/Off');
    expect(await lab.domstate(name)).toBe('shut off');
    expect(lines()).toEqual(['boot disk', 'nmi', 'boot disk', 'boot disk', 'power button', 'boot disk']);
    await power('off');
  });
});
