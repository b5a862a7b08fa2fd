/** ipmitool's `chassis bootdev`: the next boot, and only that one, comes from the device that was asked for. */
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
  const chassis = async (...args: string[]): Promise<string> => {
    const result = await lab.ipmitool(lab.bmc(index), ['chassis', ...args], cipher);
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    return result.stdout;
  };
  const bootOrder = async (): Promise<(string | undefined)[]> => {
    const xml = await lab.libvirt.virsh('dumpxml', '--inactive', name);
    return Array.from(xml.matchAll(/<boot dev='(\w+)'\/>/g), ([, device]) => device);
  };
  const boots = (): string[] => lab.serialLog(name).split('\r\n').slice(0, -1);

  test('without an override there is none to read, and the domain boots as it is defined', async () => {
    expect(await chassis('bootparam', 'get', '5')).toContain('No override');
    await chassis('power', 'on');
    await lab.waitForSerial(name, 'boot disk');
    expect(await bootOrder()).toEqual(['hd', 'cdrom', 'network']);
  });

  test.each([
    ['pxe', 'Force PXE', 'net0', ['network', 'hd', 'cdrom']],
    ['cdrom', 'Force Boot from CD/DVD', 'cdrom', ['cdrom', 'hd', 'network']],
    ['disk', 'Force Boot from default Hard-Drive', 'disk', ['hd', 'cdrom', 'network']],
  ])('%s', async (device, readBack, identity, order) => {
    const before = boots();
    expect(await chassis('bootdev', device)).toContain(`Set Boot Device to ${device}`);
    expect(await bootOrder()).toEqual(order);
    const parameter = await chassis('bootparam', 'get', '5');
    expect(parameter).toContain('Boot Flag Valid');
    expect(parameter).toContain('Options apply to only next boot');
    expect(parameter).toContain(`Boot Device Selector : ${readBack}\n`);

    await chassis('power', 'cycle');
    await lab.waitForSerial(
      name,
      `boot ${identity}`,
      before.filter((line) => line === `boot ${identity}`).length + 1,
    );
    expect(boots()).toEqual([...before, `boot ${identity}`]);
    // It was for one boot.
    expect(await bootOrder()).toEqual(['hd', 'cdrom', 'network']);
    expect(await chassis('bootparam', 'get', '5')).toContain('No override');
  });
});
