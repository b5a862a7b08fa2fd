/** Changes by other programs show at once, and a failing watch leads to no wrong answer. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { getChassisStatus } from '@vbmc/ipmi-codec';
import { qemuPid } from '#lab/qemu-process.ts';
import { startLabVbmcd, type LabVbmcd } from '#lab/vbmcd.ts';
import { waitFor } from '#support/wait-for.ts';
import { UdpConsole } from '#support/console/udp-console.ts';
import { childrenOf, runningProcesses } from '#support/processes.ts';
import { consoleTo } from '#support/clients/console-to.ts';
import { describeDurations, printFigure } from '#support/figures.ts';
import { startLab, type Lab } from '#lab/lab.ts';

const NAME = 'node-0';
const isUp = /domain watch of \S+ is up/g;

let lab: Lab;
beforeEach(async () => {
  lab = await startLab();
  await watchIsUp(1);
});
afterEach(async () => {
  await lab.stop();
});

async function watchIsUp(times: number): Promise<unknown> {
  return waitFor(
    `the domain watch to be up ${times} times`,
    () => {
      const log = lab.vbmcd.log();
      if ((log.match(isUp)?.length ?? 0) < times) throw new Error(log);
      return true;
    },
    { timeoutMs: 30_000 },
  );
}

async function virsh(...args: string[]): Promise<string> {
  return lab.libvirt.virsh(...args);
}
async function chassis(...args: string[]): Promise<string> {
  const result = await lab.ipmitool(lab.bmc(0), ['chassis', ...args]);
  expect(result).toMatchObject({ exitCode: 0, stderr: '' });
  return result.stdout;
}
async function listed(): Promise<string | null> {
  return (await lab.vbmcList())[0]?.domainState ?? null;
}
async function bootOrder(): Promise<(string | undefined)[]> {
  return Array.from(
    (await virsh('dumpxml', '--inactive', NAME)).matchAll(/<boot dev='(\w+)'\/>/g),
    ([, dev]) => dev,
  );
}

function watchPid(): number {
  const stream = childrenOf(lab.vbmcd.pid).find(({ commandLine }) => commandLine.includes('event --loop'));
  if (stream === undefined) throw new Error('vbmcd has no virsh event');
  return stream.pid;
}

test('starts, suspensions, shutdowns and ends made by others show in status and list', async () => {
  const session = await UdpConsole.connect(consoleTo(lab.bmc(0)));
  const isOn = async (): Promise<boolean | undefined> =>
    (await session.request(getChassisStatus, undefined)).value?.powerOn;
  const delaysMs: number[] = [];
  const answersMs: number[] = [];
  /** How long after libvirt had done it the first true answer came. */
  const delayOf = async (powerOn: boolean): Promise<void> => {
    const doneAt = performance.now();
    for (;;) {
      const askedAt = performance.now();
      const answer = await isOn();
      answersMs.push(performance.now() - askedAt);
      if (answer === powerOn) break;
    }
    delaysMs.push(performance.now() - doneAt);
  };
  expect(await isOn()).toBe(false);
  for (let round = 0; round < 25; round += 1) {
    await virsh('start', NAME);
    await delayOf(true);
    await virsh('destroy', NAME);
    await delayOf(false);
  }
  printFigure('from a change made with virsh to the first true answer', describeDurations(delaysMs));
  printFigure('chassis status from memory', describeDurations(answersMs));

  await virsh('start', NAME);
  await lab.waitForSerial(NAME, 'boot disk');
  await virsh('suspend', NAME);
  await waitFor('the list to say paused', async () => (await listed()) === 'paused');
  expect(await isOn()).toBe(true);
  await virsh('resume', NAME);
  await waitFor('the list to say running', async () => (await listed()) === 'running');
  await virsh('shutdown', NAME);
  await lab.waitForDomstate(NAME, 'shut off');
  await waitFor('the status to say off', async () => (await isOn()) === false);
  expect(await listed()).toBe('shutOff');
  await session.close();
});

test('libvirtd killed and brought back under load: no wrong answer, and a watch again', async () => {
  await virsh('start', NAME);
  await lab.waitForSerial(NAME, 'boot disk');
  const session = await UdpConsole.connect(consoleTo(lab.bmc(0)));
  /** `truth`: whether it is on; undefined while that changes. */
  const asked: { going: boolean; truth: boolean | undefined } = { going: true, truth: true };
  const seen = { right: 0, wrong: 0, refused: 0 };
  const codes = new Set<string>();
  const ask = async (): Promise<void> => {
    const { truth } = asked;
    const { completionCode, value } = await session.request(getChassisStatus, undefined);
    if (value === undefined) {
      seen.refused += 1;
      codes.add(`${completionCode.toString(16)}h`);
    } else if (truth !== undefined && truth === asked.truth) {
      seen[value.powerOn === truth ? 'right' : 'wrong'] += 1;
    }
  };
  const steady = (async (): Promise<void> => {
    while (asked.going) await ask();
  })();
  await waitFor('answers', () => seen.right > 100);
  await lab.libvirt.daemon.stop('SIGKILL');
  await waitFor('the loss to be noticed', () => lab.vbmcd.log().includes('is down'));
  await waitFor('answers without libvirt', () => seen.refused > 3);
  const backAt = performance.now();
  await lab.libvirt.daemon.start();
  const acceptedAt = performance.now();
  asked.truth = undefined;
  // libvirt finds its domains again while it does this, and may say that the domain it ends "is not running".
  await virsh('destroy', NAME).catch(() => undefined);
  await lab.waitForDomstate(NAME, 'shut off');
  asked.truth = false;
  const destroyedAt = performance.now();
  await watchIsUp(2);
  printFigure(
    'from libvirtd back to a trusted watch',
    `${(performance.now() - backAt).toFixed(0)} ms after its start, ${(performance.now() - acceptedAt).toFixed(0)} ms after it listens, ${(performance.now() - destroyedAt).toFixed(0)} ms after a destroy in between`,
  );
  // The operator who was not looking can read it later.
  expect((await lab.vbmcd.vbmc('events')).stdout).toMatch(/ is down: .*\n(.*\n)*.* is up: 1 domain\n/);
  const rightBefore = seen.right;
  await waitFor('answers from memory', () => seen.right > rightBefore + 100);
  asked.going = false;
  await steady;
  await session.close();
  printFigure(
    'answers while libvirtd was killed and came back',
    `${seen.right} right, ${seen.wrong} wrong, ${seen.refused} refused (${[...codes].join(', ')})`,
  );
  expect(seen.wrong).toBe(0);
});

test("SIGKILL of the watch's virsh costs a second, not an answer", async () => {
  const pid = watchPid();
  const killedAt = performance.now();
  process.kill(pid, 'SIGKILL');
  await virsh('start', NAME);
  expect(await chassis('power', 'status')).toBe('Chassis Power is on\n');
  await watchIsUp(2);
  printFigure(
    'from SIGKILL of virsh event to a trusted watch',
    `${(performance.now() - killedAt).toFixed(0)} ms`,
  );
  expect(watchPid()).not.toBe(pid);
  await virsh('destroy', NAME);
  expect(await chassis('power', 'status')).toBe('Chassis Power is off\n');
});

test('SIGKILL of vbmcd leaves no virsh behind', async () => {
  const pid = watchPid();
  await lab.vbmcd.stop('SIGKILL');
  await waitFor('virsh event to end', () => runningProcesses().every((entry) => entry.pid !== pid));
});

test('a guest that reboots itself after a one-shot boot comes up with the original order', async () => {
  await chassis('bootdev', 'pxe');
  await chassis('power', 'on');
  await lab.waitForSerial(NAME, 'boot net0');
  expect(await bootOrder()).toEqual(['hd', 'cdrom', 'network']);
  const pid = qemuPid(lab, NAME);
  await lab.guest(0).type('r');
  await lab.waitForSerial(NAME, 'boot disk');
  expect(lab.serialLog(NAME).split('\r\n').slice(0, -1)).toEqual(['boot net0', 'guest reboot', 'boot disk']);
  await lab.guest(0).type('r');
  await lab.waitForSerial(NAME, 'boot disk', 2);
  expect(qemuPid(lab, NAME)).toBe(pid);
  // The reboot found nothing to do: the order had been restored after the start.
  expect(lab.vbmcd.log()).not.toContain('follow a guest reboot');
});

test("an operator's start uses up a one-shot boot device, and is not a power-on by command", async () => {
  await chassis('power', 'on');
  expect(await chassis('status')).toMatch(/^Last Power Event +: command$/m);
  await chassis('power', 'off');
  await chassis('bootdev', 'pxe');
  await virsh('start', NAME);
  await lab.waitForSerial(NAME, 'boot net0');
  await waitFor('the boot order to be restored', async () => (await bootOrder())[0] === 'hd');
  await waitFor('the override to be gone', async () =>
    (await chassis('bootparam', 'get', '5')).includes('No override'),
  );
  expect(await chassis('status')).toMatch(/^Last Power Event +: *$/m);
});

test('the power restore policy is kept, and applied when the host has booted and not before', async () => {
  const startAgain = async (): Promise<LabVbmcd> => startLabVbmcd(lab.libvirt, lab.vbmcd.bmcs);
  expect(await chassis('status')).toMatch(/^Power Restore Policy : always-off$/m);
  expect(await chassis('policy', 'always-on')).toBe('Set chassis power restore policy to always-on\n');
  expect(await chassis('status')).toMatch(/^Power Restore Policy : always-on$/m);

  await lab.vbmcd.stop();
  const restarted = await startAgain();
  expect(await chassis('status')).toMatch(/^Power Restore Policy : always-on$/m);
  await restarted.stop();
  expect(await lab.domstate(NAME)).toBe('shut off');

  const file = join(lab.vbmcd.stateDirectory, 'power-restore.json');
  const stored = readFileSync(file, 'utf8');
  const otherBoot = stored.replace(/"bootId": "[^"]+"/, '"bootId": "another boot"');
  expect(otherBoot).not.toBe(stored);
  writeFileSync(file, otherBoot);
  const afterBoot = await startAgain();
  await lab.waitForDomstate(NAME, 'running');
  await waitFor('the power-on to be logged', () =>
    afterBoot.log().includes('power on (power restore policy): done'),
  );
  expect(await chassis('policy', 'previous')).toBe('Set chassis power restore policy to previous\n');
  await afterBoot.stop();
  writeFileSync(file, readFileSync(file, 'utf8').replace(/"bootId": "[^"]+"/, '"bootId": "yet another"'));
  await virsh('destroy', NAME);
  await startAgain();
  await lab.waitForDomstate(NAME, 'running');
});
