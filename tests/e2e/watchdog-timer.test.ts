/** The watchdog timer on a real domain, set by ipmitool. */
import { startLab, type Lab } from '#lab/lab.ts';
import { qemuPid } from '#lab/qemu-process.ts';
import { waitFor } from '#support/wait-for.ts';

const NAME = 'node-0';
let lab: Lab;
beforeAll(async () => {
  lab = await startLab();
  await startDomain();
});
afterAll(async () => {
  await lab.stop();
});

function boots(): number {
  return lab.serialLog(NAME).split('boot disk\r\n').length - 1;
}

/** By then libvirt has reported the start, which would stop a timer. */
async function startDomain(): Promise<void> {
  const before = boots();
  await lab.libvirt.virsh('start', NAME);
  await lab.waitForSerial(NAME, 'boot disk', before + 1);
  await waitFor('the BMC to know', async () => (await ipmitool('power', 'status')).includes('is on'));
}

async function ipmitool(...args: readonly string[]): Promise<string> {
  const result = await lab.ipmitool(lab.bmc(0), args);
  expect(result).toMatchObject({ exitCode: 0 });
  return result.stdout;
}

/** Use SMS/OS, action power cycle, all expiration flags cleared; in units of 100 ms. */
function setFor(units: number): Promise<string> {
  const bytes = ['0x04', '0x03', '0x00', '0x3e', String(units & 0xff), String(units >> 8)];
  return ipmitool('raw', '0x06', '0x24', ...bytes);
}

function get(): Promise<string> {
  return ipmitool('mc', 'watchdog', 'get');
}

test('a timer that was never set does not start', async () => {
  expect(await lab.ipmitool(lab.bmc(0), ['mc', 'watchdog', 'reset'])).toMatchObject({ exitCode: 1 });
});

test('set, get, reset, off', async () => {
  await setFor(3_000);
  expect(await get()).toMatch(/Stopped/);
  await ipmitool('mc', 'watchdog', 'reset');
  const running = await get();
  expect(running).toMatch(/Started\/Running/);
  expect(running).toMatch(/Power Cycle/);
  await ipmitool('mc', 'watchdog', 'off');
  expect(await get()).toMatch(/Stopped/);
});

test('it stops when the domain is reset by somebody else, and when it is off', async () => {
  await setFor(3_000);
  await ipmitool('mc', 'watchdog', 'reset');
  await lab.libvirt.virsh('reset', NAME);
  await waitFor('the timer to stop', async () => (await get()).includes('Stopped'));
  await ipmitool('mc', 'watchdog', 'reset');
  await lab.libvirt.virsh('destroy', NAME);
  await waitFor('the timer to stop', async () => (await get()).includes('Stopped'));
  await lab.waitForDomstate(NAME, 'shut off');
  await waitFor(
    'the timer to be refused',
    async () => (await lab.ipmitool(lab.bmc(0), ['mc', 'watchdog', 'reset'])).exitCode === 1,
  );
  await startDomain();
});

test('an expiry power cycles the domain once, though the worker is killed meanwhile', async () => {
  const pid = qemuPid(lab, NAME);
  const before = boots();
  // The worker is killed long before.
  await setFor(120);
  await ipmitool('mc', 'watchdog', 'reset');
  const [{ pid: worker } = {}] = await lab.vbmcList();
  process.kill(Number(worker), 'SIGKILL');
  await lab.waitForSerial(NAME, 'boot disk', before + 1);
  await waitFor('the power cycle', () => lab.vbmcd.log().includes('power cycle (watchdog timer): done'));
  expect(qemuPid(lab, NAME)).not.toBe(pid);
  expect(await get()).toMatch(/Stopped/);
  const log = lab.vbmcd.log();
  expect(log.match(/watchdog timer \(smsOs\) expired: power cycle follows/g)).toHaveLength(1);
  expect(log.match(/power cycle \(watchdog timer\)/g)).toHaveLength(1);
  expect(await lab.domstate(NAME)).toBe('running');
  await waitFor('the restart cause', async () =>
    (await ipmitool('chassis', 'restart_cause')).includes('watchdog'),
  );
  const records = (await ipmitool('sel', 'elist')).split('\n').filter((line) => line.includes('Watchdog'));
  expect(records).toHaveLength(1);
  expect(records[0]).toMatch(/\| Watchdog2 Watchdog \| Power cycle .*\| Asserted/);
  expect(await ipmitool('sdr', 'elist', 'compact')).toMatch(/^Watchdog .*\| Power cycle/m);
  const freeipmi = await lab.freeipmi('ipmi-sel', lab.bmc(0), ['--ignore-sdr-cache']);
  expect(freeipmi.stdout).toMatch(/Watchdog 2.*Power Cycle/);
});

test('what failed is told in words that clients know', async () => {
  // The record of an action that has failed, as a client's own.
  await ipmitool('raw', ...'0x0a 0x44 0 0 2 0 0 0 0 0x20 0 4 9 0xff 0x6f 5 0xff 0xff'.split(' '));
  expect(await ipmitool('sel', 'elist')).toMatch(/Power Unit #0xff \| Soft-power control failure/);
  const freeipmi = await lab.freeipmi('ipmi-sel', lab.bmc(0), ['--ignore-sdr-cache']);
  expect(freeipmi.stdout).toMatch(/Power Unit.*Soft Power Control Failure/);
});
