/** The watchdog timer expires while virsh fails: it is told once, and tried again until it succeeds. */
import { startLabWithVirshStandIn } from '#lab/lab-with-virsh-stand-in.ts';
import type { Lab } from '#lab/lab.ts';
import { qemuPid } from '#lab/qemu-process.ts';
import type { VirshStandIn } from '#lab/virsh-stand-in.ts';
import { waitFor } from '#support/wait-for.ts';

const NAME = 'node-0';
let lab: Lab;
let virsh: VirshStandIn;
beforeAll(async () => {
  ({ lab, virsh } = await startLabWithVirshStandIn({ domains: [{ boot: ['hd'] }] }));
  await lab.libvirt.virsh('start', NAME);
  await lab.waitForSerial(NAME, 'boot disk');
  await waitFor('the BMC to know', async () => (await ipmitool('power', 'status')).includes('is on'));
});
afterAll(async () => {
  await lab.stop();
});

async function ipmitool(...args: readonly string[]): Promise<string> {
  const result = await lab.ipmitool(lab.bmc(0), args);
  expect(result).toMatchObject({ exitCode: 0 });
  return result.stdout;
}

test('a power cycle that fails is in log and event log once, and is made when virsh works again', async () => {
  const pid = qemuPid(lab, NAME);
  // Use SMS/OS, power cycle, after 4 s.
  await ipmitool('raw', '0x06', '0x24', '0x04', '0x03', '0x00', '0x3e', '40', '0');
  await ipmitool('mc', 'watchdog', 'reset');
  virsh.behave('garbage');
  await waitFor('the failure', () => lab.vbmcd.log().includes('power cycle (watchdog timer): failed'));
  expect(qemuPid(lab, NAME)).toBe(pid);
  virsh.behave('as-usual');
  await waitFor('the power cycle', () => lab.vbmcd.log().includes('power cycle (watchdog timer): done'));
  expect(qemuPid(lab, NAME)).not.toBe(pid);
  const log = lab.vbmcd.log();
  expect(log.match(/watchdog timer \(smsOs\) expired/g)).toHaveLength(1);
  expect(log).toContain('watchdog timer: power cycle has failed; the next attempt is in 5 s');
  const records = (await ipmitool('sel', 'list')).split('\n');
  const count = (words: string): number => records.filter((line) => line.includes(words)).length;
  expect(count('Power cycle')).toBe(1);
  expect(count('Soft-power control failure')).toBe(1);
});
