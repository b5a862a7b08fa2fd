/**
 * A start that takes its time, as that of a machine with much memory does: longer than a client's request waits (25 s), and than a
 * call of `virsh` counts as answered (20 s). libvirt says `paused (starting up)` until the emulator answers.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { chassisOf, type Chassis } from '#support/clients/chassis.ts';
import { showBmc } from '#support/clients/show-bmc.ts';
import { printFigure } from '#support/figures.ts';
import { waitFor } from '#support/wait-for.ts';
import { copyIntoLab } from '#lab/installed-app.ts';
import { startLab, type Lab } from '#lab/lab.ts';

const NAME = 'node-0';
const TIMEOUT = 0xc3;
const OVERTAKEN = 0xd5;
const STARTING_UP = 'paused (starting up)';

let lab: Lab;
let chassis: Chassis;

beforeAll(async () => {
  lab = await startLab();
  chassis = chassisOf(lab.bmc(0), { retransmitAfterMs: 100_000, deadlineMs: 100_000 });
  const held = join(import.meta.dirname, '../fixtures/bin/emulator-held');
  const emulator = copyIntoLab(lab.libvirt.directory, held, 'held/emulator-held');
  const xml = await lab.libvirt.virsh('dumpxml', '--inactive', '--security-info', NAME);
  await lab.libvirt.defineDomain(xml.replace(/<emulator>[^<]*</, `<emulator>${emulator}<`));
});
afterAll(async () => {
  release();
  await lab.stop();
});
beforeEach(async () => {
  release();
  if ((await lab.domstate(NAME)) !== 'shut off') await lab.libvirt.virsh('destroy', NAME);
  await waitFor('the BMC to say so', async () => (await chassis.power()) === 'off');
});

function hold(): void {
  lab.libvirt.directory.write('held/hold', '');
}
function release(): void {
  rmSync(join(lab.libvirt.directory.path, 'held/hold'), { force: true });
}

async function reason(): Promise<string> {
  return (await lab.libvirt.virsh('domstate', '--reason', NAME)).trim();
}
async function startsUp(): Promise<void> {
  await waitFor('libvirt to start it', async () => (await reason()) === STARTING_UP);
}

async function lastPowerEvent(): Promise<string | undefined> {
  const { stdout } = await lab.ipmitool(lab.bmc(0), ['chassis', 'status']);
  return /^Last Power Event +:(.*)$/m.exec(stdout)?.[1]?.trim();
}

test('power on: C3h after 25 s, on from the moment of the start, and everything is concluded when it is complete', async () => {
  // Valid, one-shot, legacy; PXE.
  expect(await chassis.setBootFlags(0x80, 0x04)).toBe(0);
  hold();
  const logged = lab.vbmcd.log().length;
  const answer = chassis.control('powerUp');
  await startsUp();
  // Nothing has reported it, and the BMC says it.
  expect(await chassis.power()).toBe('on');
  expect((await lab.ipmitool(lab.bmc(0), ['power', 'status'])).stdout).toBe('Chassis Power is on\n');
  expect(await answer).toBe(TIMEOUT);
  expect(await reason()).toBe(STARTING_UP);
  expect(await chassis.power()).toBe('on');
  await waitFor('the operator to be told', async () => {
    const { stdout } = await lab.vbmcd.vbmc('show', NAME, '--details');
    return /owes an answer to virsh start since .*; the start may still come through/.test(stdout);
  });

  release();
  await lab.waitForSerial(NAME, 'boot net0');
  await lab.waitForDomstate(NAME, 'running');
  const line = await waitFor(
    'the log to tell how it ended',
    () => /^.*power on.*answer had timed out.*$/m.exec(lab.vbmcd.log().slice(logged))?.[0],
  );
  expect(line).toContain('done');
  expect(await chassis.power()).toBe('on');
  expect(await lastPowerEvent()).toBe('command');
  // The one-shot is used up, in the definition too.
  expect((await chassis.bootFlags()).slice(0, 2)).toEqual([0, 0]);
  expect(await lab.libvirt.virsh('dumpxml', '--inactive', NAME)).toMatch(/<boot dev='hd'\/>/);
  const shown = await showBmc(lab, NAME);
  expect(shown.domainActions.at(-1)).toMatchObject({ description: 'power on' });
  expect(shown.unanswered).toBeNull();
});

test('power off gets through while the start takes its time, and nothing comes up after it', async () => {
  hold();
  const on = chassis.control('powerUp');
  await startsUp();
  const beganAt = performance.now();
  expect(await chassis.control('powerDown')).toBe(0);
  printFigure('power off of a domain that is starting up', `${Math.round(performance.now() - beganAt)} ms`);
  expect(await lab.domstate(NAME)).toBe('shut off');
  expect(await on).toBe(OVERTAKEN);
  expect(await chassis.power()).toBe('off');

  release();
  const boots = lab.serialLog(NAME).split('boot disk').length - 1;
  expect(await chassis.control('powerUp')).toBe(0);
  await lab.waitForSerial(NAME, 'boot disk', boots + 1);
});

test('a start by another program that takes its time: power on waits a little, and says C3h', async () => {
  hold();
  const virsh = lab.libvirt.virsh('start', NAME);
  await startsUp();
  expect(await chassis.control('powerUp')).toBe(TIMEOUT);
  expect(await reason()).toBe(STARTING_UP);
  // Now the BMC has asked libvirt, and does not say off any more.
  expect(await chassis.power()).toBe('on');
  release();
  await virsh;
  expect(await chassis.control('powerUp')).toBe(0);
  expect(await lab.domstate(NAME)).toBe('running');
  expect(await lastPowerEvent()).toBe('');
});

test('power off ends a start by another program, too', async () => {
  hold();
  const virsh = lab.libvirt.run('virsh', ['-c', lab.libvirt.connectionUri, 'start', NAME]);
  await startsUp();
  expect(await chassis.control('powerDown')).toBe(0);
  expect(await lab.domstate(NAME)).toBe('shut off');
  expect((await virsh).exitCode).toBe(1);
  release();
  expect(await chassis.power()).toBe('off');
});

test('a start by another program that fails, which libvirt reports by no event, is told as off from then on', async () => {
  hold();
  const failing = lab.libvirt.directory.write('held/fail', '');
  const start = lab.libvirt.run('virsh', ['-c', lab.libvirt.connectionUri, 'start', NAME]);
  await startsUp();
  // Any event has the watch look at the domains; it then tells that this one starts.
  await lab.libvirt.defineDomain(await lab.libvirt.virsh('dumpxml', '--inactive', '--security-info', NAME));
  await waitFor('the BMC to know of the start', async () => (await chassis.power()) === 'on');
  release();
  expect((await start).exitCode).toBe(1);
  rmSync(failing);
  expect(await reason()).toBe('shut off (failed)');
  expect(await chassis.power()).toBe('off');
});
