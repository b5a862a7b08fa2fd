/** The system event log: what happened to a real domain, in ipmitool's words, once each, over the ends of worker and vbmcd. */
import { launchVbmcd } from '#lab/vbmcd.ts';
import { startLab, type Lab } from '#lab/lab.ts';
import { waitFor } from '#support/wait-for.ts';

const NAME = 'node-0';
/** libvirt reports one reset three times; what comes within this time counts as the same. */
const SAME_RESET_MS = 2_100;

let lab: Lab;
beforeAll(async () => {
  lab = await startLab({ domains: [{ boot: ['hd'], panicDevice: true }] });
});
afterAll(async () => {
  await lab.stop();
});

async function ipmitool(...args: string[]): Promise<string> {
  const result = await lab.ipmitool(lab.bmc(0), args);
  if (result.exitCode !== 0) throw new Error(`ipmitool ${args.join(' ')}: ${result.stdout}${result.stderr}`);
  return result.stdout;
}

/** `ID | date | time | sensor | event | direction`: without id and time. */
function wordsOf(line: string): string {
  const [, , , sensor = '', event = ''] = line.split('|').map((part) => part.trim());
  return `${sensor.replace(/ #0x.*/, '')}: ${event}`;
}

async function list(): Promise<readonly string[]> {
  return (await ipmitool('sel', 'list')).split('\n').filter((line) => line.includes('|'));
}

let seen = 0;
/** Waits until exactly these records are there since the last call. */
async function records(...expected: string[]): Promise<void> {
  await waitFor(`the event log to have ${expected.join(', ')}`, async () => {
    const news = (await list()).slice(seen).map(wordsOf);
    if (news.length < expected.length) throw new Error(news.join(', ') || 'nothing new');
    expect(news).toEqual(expected);
    return true;
  });
  seen += expected.length;
}

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => void setTimeout(resolve, ms));
}

const BOOT = 'System Boot Initiated';
const POWER = 'System ACPI Power State';

test('what happens to the domain is in the log in the right words, once', async () => {
  expect((await list()).length).toBe(0);
  await lab.libvirt.virsh('start', NAME);
  await lab.waitForSerial(NAME, 'boot disk');
  await records(`${BOOT}: Initiated by power up`, `${POWER}: S0/G0: working`);
  expect(await ipmitool('chassis', 'restart_cause')).toContain('power-up via pushbutton');

  await ipmitool('chassis', 'power', 'reset');
  await records(`${BOOT}: Initiated by hard reset`);
  expect(await ipmitool('chassis', 'restart_cause')).toContain('chassis power control command');
  await lab.waitForSerial(NAME, 'boot disk', 2);
  await pause(SAME_RESET_MS);
  await lab.guest(0).type('r');
  await records(`${BOOT}: Initiated by warm reset`);
  await lab.waitForSerial(NAME, 'boot disk', 3);
  expect(await ipmitool('chassis', 'restart_cause')).toContain('soft reset');

  await ipmitool('chassis', 'power', 'diag');
  await records('Critical Interrupt: NMI/Diag Interrupt');
  await lab.guest(0).type('p');
  await records('OS Critical Stop: Run-time critical stop');
  await lab.libvirt.virsh('destroy', NAME);
  await records(`${POWER}: S4/S5: soft-off`.replace('S4/S5: soft-off', 'S5: entered by override'));

  await ipmitool('chassis', 'power', 'on');
  await lab.waitForSerial(NAME, 'boot disk', 4);
  await records(`${BOOT}: Initiated by power up`, `${POWER}: S0/G0: working`);
  expect(await ipmitool('chassis', 'restart_cause')).toContain('chassis power control command');
  await ipmitool('chassis', 'power', 'soft');
  await records('OS Critical Stop: OS graceful shutdown', `${POWER}: S5/G2: soft-off`);
  expect(await ipmitool('chassis', 'poh')).toMatch(/POH Counter\s*:\s*0 days, 0 hours/);
});

test('it is the same after kill -9 of the worker, and of vbmcd, whose missed changes follow', async () => {
  const before = await list();
  // A line that vbmcd has not written yet would be lost with it.
  await pause(500);
  for (const pid of lab.vbmcd.workerPids()) process.kill(pid, 'SIGKILL');
  await lab.vbmcd.running();
  expect(await list()).toEqual(before);
  await lab.vbmcd.stop('SIGKILL');
  await lab.libvirt.virsh('start', NAME);
  const next = launchVbmcd(lab.libvirt, undefined);
  await next.running();
  await records(`${POWER}: S0/G0: working`);
  expect((await list()).slice(0, before.length)).toEqual(before);
});

test('clients read it, save it, add to it, set its time and clear it', async () => {
  expect(await ipmitool('sel', 'info')).toMatch(new RegExp(`Entries +: ${seen}\\b[^]*Overflow +: false`));
  expect(await ipmitool('sel', 'elist')).toContain('Run-time critical stop');
  const file = `${lab.libvirt.directory.path}/sel`;
  await ipmitool('sel', 'save', file);
  await ipmitool('raw', ...'0x0a 0x44 0 0 2 0 0 0 0 0x41 0 4 0x20 0 0x6f 1 0xff 0xff'.split(' '));
  await records('OS Critical Stop: Run-time critical stop');
  await ipmitool('event', '1');
  await records('Temperature: Upper Critical going high');

  await ipmitool('sel', 'time', 'set', '01/01/30 00:00:00');
  expect(await ipmitool('sel', 'time', 'get')).toContain('01/01/30');
  expect(await ipmitool('sel', 'clear')).toContain('Clearing SEL');
  const cleared = await waitFor('the log to be empty', async () => {
    const lines = await list();
    return lines.length === 1 ? lines : undefined;
  });
  expect(cleared.map(wordsOf)).toEqual(['Event Logging Disabled: Log area reset/cleared']);
  expect(cleared[0]).toContain('01/01/30');
  expect(await ipmitool('sdr', 'elist', 'all')).toMatch(/^SEL .*Log area reset\/cleared/m);
  const freeipmi = await lab.freeipmi('ipmi-sel', lab.bmc(0), ['--ignore-sdr-cache']);
  expect(freeipmi.stdout).toContain('Log Area Reset/Cleared');
});
