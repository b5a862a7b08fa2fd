import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PowerRestorePolicy } from '#worker/ipc/protocol.ts';
import { PowerRestore } from '#supervisor/power-restore/power-restore.ts';
import { POWER_STATE_WRITE_DELAY_MS, STATE_RETRY_MS } from '#supervisor/supervision/supervision-times.ts';
import { temporaryDirectory } from '#support/temporary-directory.ts';
import { waitFor } from '#support/wait-for.ts';
import { VirtualClock } from '#support/supervisor/virtual-clock.ts';

function scene() {
  const directory = temporaryDirectory();
  const bootIdFile = join(directory, 'boot-id');
  const stateDirectory = join(directory, 'state');
  const logged: string[] = [];
  const clock = new VirtualClock();
  const boot = (id: string): void => {
    writeFileSync(bootIdFile, `${id}\n`);
  };
  boot('first');
  const open = async (): Promise<PowerRestore> =>
    PowerRestore.open({
      stateDirectory,
      clock,
      bootIdFile,
      log: (level, message) => logged.push(`${level} ${message}`),
    });
  const file = join(stateDirectory, 'power-restore.json');
  return { directory, stateDirectory, file, logged, clock, boot, open };
}

test('a policy outlives vbmcd, and is applied once after a boot of the host', async () => {
  const { open, boot } = scene();
  const first = await open();
  expect(first.policyOf('a')).toBe('alwaysOff');
  expect(await first.setPolicy('a', 'alwaysOn')).toBeUndefined();
  expect(first.saw('a', 'shutOff')).toBe(false);

  const restarted = await open();
  expect(restarted.policyOf('a')).toBe('alwaysOn');
  expect(restarted.saw('a', 'shutOff')).toBe(false);

  boot('second');
  await open(); // and killed before it saw the domain
  const afterBoot = await open();
  expect(afterBoot.saw('a', 'shutOff')).toBe(true);
  expect(afterBoot.saw('a', 'shutOff')).toBe(false);
  expect(afterBoot.saw('a', 'running')).toBe(false);
  await afterBoot.close();
  expect((await open()).saw('a', 'shutOff')).toBe(false);
});

test('the previous state is the last one seen, even if it was seen before the policy was set', async () => {
  const { open, boot, clock } = scene();
  const first = await open();
  first.saw('a', 'running');
  first.saw('b', 'running');
  await first.setPolicy('a', 'previousState');
  await first.setPolicy('b', 'previousState');
  first.saw('b', 'shutOff');
  clock.advance(1_000);
  await first.close();
  await new Promise(setImmediate);
  await first.setPolicy('c', 'alwaysOff');
  boot('second');
  const second = await open();
  expect([second.saw('a', 'shutOff'), second.saw('b', 'shutOff')]).toEqual([true, false]);
});

test('the states of a domain that goes on and off are written once a second at most', async () => {
  const { open, clock, file } = scene();
  const restore = await open();
  await restore.setPolicy('a', 'previousState');
  const before = readFileSync(file, 'utf8');
  for (let times = 0; times < 100; times += 1) restore.saw('a', times % 2 === 0 ? 'running' : 'shutOff');
  expect(clock.pendingTimers).toBe(1);
  expect(readFileSync(file, 'utf8')).toBe(before);
  restore.saw('a', 'running');
  await restore.close();
  expect(clock.pendingTimers).toBe(0);
  expect(readFileSync(file, 'utf8')).toContain('"wasOn": true');
});

test('an unreadable file is moved aside', async () => {
  const { open, stateDirectory, file, logged } = scene();
  mkdirSync(stateDirectory);
  writeFileSync(file, '{ half');
  expect((await open()).policyOf('a')).toBe('alwaysOff');
  expect(logged).toEqual([`warn the power restore policies cannot be read: moved to ${file}.unreadable`]);
  expect(readdirSync(stateDirectory).sort()).toEqual(['power-restore.json', 'power-restore.json.unreadable']);
});

test('without a state directory that can be used, policies are unknown and refused, and all else works', async () => {
  const { open, stateDirectory, logged } = scene();
  writeFileSync(stateDirectory, 'a file where the directory should be');
  const restore = await open();
  expect(await restore.setPolicy('a', 'alwaysOn')).toContain('EEXIST');
  expect(restore.policyOf('a')).toBe('unknown');
  expect(restore.saw('a', 'shutOff')).toBe(false);
  await restore.close();
  expect(logged).toEqual([
    expect.stringMatching(/^warn the state directory cannot be used: EEXIST.*tried again/),
  ]);
});

/** Stored policies that cannot be read for a while, after the host has booted. */
async function unreadableAtFirst(entries: Readonly<Record<string, PowerRestorePolicy>>) {
  const made = scene();
  const { boot, open, stateDirectory } = made;
  const before = await open();
  for (const [name, policy] of Object.entries(entries)) {
    before.saw(name, 'running');
    await before.setPolicy(name, policy);
  }
  await before.close();
  boot('second');
  renameSync(stateDirectory, `${stateDirectory}-away`);
  writeFileSync(stateDirectory, '');
  const restore = await open();
  const mend = (): void => {
    rmSync(stateDirectory);
    renameSync(`${stateDirectory}-away`, stateDirectory);
  };
  return { ...made, restore, mend };
}

test('a state directory is tried again at a reload, and loses nothing that it holds', async () => {
  const { restore, mend, logged, open } = await unreadableAtFirst({ a: 'alwaysOn', b: 'previousState' });
  await restore.retry();
  expect(restore.policyOf('a')).toBe('unknown');
  mend();
  await restore.retry();
  expect([restore.policyOf('a'), restore.policyOf('b')]).toEqual(['alwaysOn', 'previousState']);
  expect(logged.slice(1)).toEqual(['info the state directory can be used again']);
  expect([restore.saw('a', 'shutOff'), restore.saw('b', 'shutOff')]).toEqual([true, true]);
  await restore.close();
  expect((await open()).policyOf('a')).toBe('alwaysOn');
});

test('and at each store', async () => {
  const { restore, mend } = await unreadableAtFirst({ a: 'alwaysOn' });
  mend();
  expect(await restore.setPolicy('b', 'alwaysOn')).toBeUndefined();
  expect([restore.policyOf('a'), restore.policyOf('b')]).toEqual(['alwaysOn', 'alwaysOn']);
});

test('and when a domain changes', async () => {
  const { restore, mend, clock } = await unreadableAtFirst({ a: 'previousState' });
  restore.saw('a', 'shutOff');
  clock.advance(1_000);
  await waitFor('the attempt', () => clock.pendingTimers === 0);
  mend();
  restore.saw('a', 'shutOff');
  clock.advance(1_000);
  await waitFor('the policy', () => restore.policyOf('a') === 'previousState');
  expect(restore.saw('a', 'shutOff')).toBe(true);
});

test('a domain that was on meanwhile is not powered up: somebody has powered it off', async () => {
  const { restore, mend } = await unreadableAtFirst({ a: 'alwaysOn', b: 'alwaysOn' });
  restore.saw('a', 'running');
  restore.saw('a', 'shutOff');
  restore.saw('b', 'shutOff');
  mend();
  await restore.retry();
  expect([restore.saw('a', 'shutOff'), restore.saw('b', 'shutOff')]).toEqual([false, true]);
});

test('a directory that fails later is told once, and used again', async () => {
  const { open, stateDirectory, logged } = scene();
  const restore = await open();
  await restore.setPolicy('a', 'alwaysOn');
  renameSync(stateDirectory, `${stateDirectory}-away`);
  writeFileSync(stateDirectory, '');
  expect(await restore.setPolicy('a', 'previousState')).toContain('EEXIST');
  expect(await restore.setPolicy('b', 'previousState')).toContain('EEXIST');
  expect([restore.policyOf('a'), restore.policyOf('b')]).toEqual(['alwaysOn', 'alwaysOff']);
  rmSync(stateDirectory);
  renameSync(`${stateDirectory}-away`, stateDirectory);
  expect(await restore.setPolicy('a', 'previousState')).toBeUndefined();
  expect(logged).toEqual([
    expect.stringMatching(/^warn the power restore policies could not be stored: EEXIST.*every 5 s\)$/),
    'info the power restore policies are stored again',
  ]);
  expect(restore.policyOf('a')).toBe('previousState');
});

test('what was seen while the directory failed is stored when it can be used again', async () => {
  const { open, boot, clock, logged, stateDirectory } = scene();
  const restore = await open();
  await restore.setPolicy('a', 'previousState');
  renameSync(stateDirectory, `${stateDirectory}-away`);
  writeFileSync(stateDirectory, '');
  restore.saw('a', 'running');
  clock.advance(POWER_STATE_WRITE_DELAY_MS);
  await waitFor('the attempt', () => logged.length === 1);
  rmSync(stateDirectory);
  renameSync(`${stateDirectory}-away`, stateDirectory);
  clock.advance(STATE_RETRY_MS);
  await waitFor('the next attempt', () => logged.length === 2);
  boot('second');
  expect((await open()).saw('a', 'shutOff')).toBe(true);
});

/** `a` has the policy always-on, and the host has booted. */
async function booted() {
  const made = scene();
  await (await made.open()).setPolicy('a', 'alwaysOn');
  made.boot('second');
  return { ...made, restore: await made.open() };
}

test('a client that has switched the domain off has the last word, also after a restart of vbmcd', async () => {
  const { restore, open } = await booted();
  expect([restore.mayPowerUp('a'), restore.mayPowerUp('b')]).toEqual([true, false]);
  expect(await restore.callOff('a')).toBeUndefined();
  expect(restore.mayPowerUp('a')).toBe(false);
  expect(restore.saw('a', 'shutOff')).toBe(false);
  const next = await open();
  expect(next.mayPowerUp('a')).toBe(false);
  expect(next.saw('a', 'shutOff')).toBe(false);
});

test('what cannot be called off on disk is told, holds in this vbmcd, and is written by the next call', async () => {
  const { restore, open, stateDirectory } = await booted();
  renameSync(stateDirectory, `${stateDirectory}-away`);
  writeFileSync(stateDirectory, '');
  expect(await restore.callOff('a')).toContain('EEXIST');
  expect(restore.mayPowerUp('a')).toBe(true);
  expect(restore.saw('a', 'shutOff')).toBe(false);
  rmSync(stateDirectory);
  renameSync(`${stateDirectory}-away`, stateDirectory);
  expect(await restore.callOff('a')).toBeUndefined();
  expect((await open()).saw('a', 'shutOff')).toBe(false);
});

test('what was called off while the stored policies could not be read stays so', async () => {
  const { restore, mend } = await unreadableAtFirst({ a: 'alwaysOn', b: 'alwaysOn' });
  expect(restore.mayPowerUp('a')).toBe(true);
  expect(await restore.callOff('a')).toBeUndefined();
  mend();
  await restore.retry();
  expect([restore.saw('a', 'shutOff'), restore.saw('b', 'shutOff')]).toEqual([false, true]);
});

test('a worker that ends with the power up in hand is told, and its successor is asked', async () => {
  const { restore, logged } = await booted();
  expect(restore.saw('a', 'shutOff')).toBe(true);
  restore.release('a');
  expect(logged).toEqual([
    'warn power on (power restore policy) was cut when its worker ended: the next one is asked',
  ]);
  expect(restore.saw('a', 'shutOff')).toBe(true);
  restore.ended('a');
  restore.release('a');
  expect(restore.saw('a', 'shutOff')).toBe(false);
  expect(logged).toHaveLength(1);
});

test('always-off set before the domain is seen leaves it off', async () => {
  const { restore } = await booted();
  expect(await restore.setPolicy('a', 'alwaysOff')).toBeUndefined();
  expect(restore.saw('a', 'shutOff')).toBe(false);
});

const LEFT_OFF =
  'warn the power restore policy does not power the domain up: it was migrated away to another host';

test('a domain that was migrated away before the host booted stays off, and that is told', async () => {
  const { open, boot, logged } = scene();
  const before = await open();
  await before.setPolicy('a', 'alwaysOn');
  before.saw('a', 'running');
  expect(before.saw('a', 'migratedAway')).toBe(false);
  await before.close();
  boot('second');
  const restore = await open();
  expect(logged).toEqual([LEFT_OFF]);
  expect(restore.saw('a', 'shutOff')).toBe(false);
});

test('nor is one that libvirt says was migrated away when the host has booted', async () => {
  const { restore, logged } = await booted();
  expect(restore.saw('a', 'migratedAway')).toBe(false);
  expect(restore.saw('a', 'shutOff')).toBe(false);
  expect(logged).toEqual([LEFT_OFF]);
});
