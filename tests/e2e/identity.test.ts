/** What ipmitool reads about the machine, and the answer to a command that does not exist. */
import { getDeviceId } from '@vbmc/ipmi-codec';
import { UdpConsole } from '#support/console/udp-console.ts';
import { rawCommand } from '#support/console/raw-command.ts';
import { consoleTo } from '#support/clients/console-to.ts';
import { printFigure } from '#support/figures.ts';
import { cipherChoices } from '#support/clients/cipher-choices.ts';
import { startLab, type Lab } from '#lab/lab.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await startLab();
});
afterAll(async () => {
  await lab.stop();
});

describe.each(cipherChoices)('ipmitool, cipher suite $choice', ({ cipher }) => {
  const ipmitool = async (...args: string[]): Promise<string> => {
    const result = await lab.ipmitool(lab.bmc(0), args, cipher);
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    return result.stdout;
  };

  test('chassis status follows the domain', async () => {
    expect(await ipmitool('chassis', 'status')).toMatch(/^System Power +: off$/m);
    await lab.libvirt.virsh('start', 'node-0');
    expect(await ipmitool('chassis', 'status')).toMatch(/^System Power +: on$/m);
    await lab.libvirt.virsh('destroy', 'node-0');
    expect(await ipmitool('chassis', 'status')).toMatch(/^System Power +: off$/m);
  });

  test('mc info', async () => {
    const info = await ipmitool('mc', 'info');
    expect(info).toMatch(/^IPMI Version +: 2\.0$/m);
    expect(info).toMatch(/^Device Available +: yes$/m);
    expect(info).toMatch(/Chassis Device/);
  });

  test("mc guid is the domain's UUID", async () => {
    const uuid = (await lab.libvirt.virsh('domuuid', 'node-0')).trim();
    expect(await ipmitool('mc', 'guid')).toContain(`System GUID   : ${uuid}\n`);
  });

  // Master Write-Read, Get SEL Time, an OEM command: none of them is a command of this BMC.
  test.each(['0x06 0x52 0x01 0xa0 0x00', '0x2e 0x01 0x57 0x01 0x00', '0x3c 0x7f'])(
    'raw %s is refused at once',
    async (bytes) => {
      // ipmitool would send a dropped request again after this time.
      const retryIntervalSeconds = 30;
      const patient = { ...cipher, retryIntervalSeconds };
      const refused = await lab.ipmitool(lab.bmc(0), ['raw', ...bytes.split(' ')], patient);
      expect(refused.exitCode).toBe(1);
      expect(refused.stderr).toContain('rsp=0xc1): Invalid command');
      expect(refused.durationMs).toBeLessThan(retryIntervalSeconds * 1000);
      printFigure(`ipmitool raw ${bytes}, refused with C1h after`, `${refused.durationMs.toFixed(0)} ms`);
    },
  );
});

test.each(['warm', 'cold'])('mc reset %s succeeds, and every session ends', async (kind) => {
  const session = await UdpConsole.connect(consoleTo(lab.bmc(0), { retransmitAfterMs: 500 }));
  const reset = await lab.ipmitool(lab.bmc(0), ['mc', 'reset', kind]);
  expect(reset).toMatchObject({ exitCode: 0, stdout: `Sent ${kind} reset command to MC\n`, stderr: '' });
  await expect(session.request(getDeviceId, undefined)).rejects.toThrow();
  const told = (await lab.vbmcd.vbmc('events', '--bmc', 'node-0')).stdout;
  expect(told).toMatch(
    new RegExp(`BMC reset \\(${kind}\\) by "admin" from 127\\.0\\.0\\.1:\\d+: \\d sessions end`),
  );
  expect(told).toMatch(/session of "admin" from \S+ ended: the BMC was reset/);
  const info = await lab.ipmitool(lab.bmc(0), ['channel', 'info', '1']);
  expect(info.stdout).toMatch(
    kind === 'warm' ? /Active Session Count +: 1$/m : /Active Session Count +: [12]$/m,
  );
});

test('every command that does not exist is answered C1h, each at its first datagram', async () => {
  const session = await UdpConsole.connect(consoleTo(lab.bmc(0), { retransmitAfterMs: 5_000 }));
  const startedAt = performance.now();
  for (let code = 0x80; code <= 0xff; code += 1) {
    const { completionCode } = await session.request(rawCommand('app', code), new Uint8Array(3));
    expect(completionCode).toBe(0xc1);
  }
  const each = (performance.now() - startedAt) / 128;
  expect(session.retransmissions).toBe(0);
  await session.close();
  printFigure('unknown command, answered C1h after', `${each.toFixed(2)} ms (mean of 128)`);
});
