import { spawnSync } from 'node:child_process';
import { chownSync, lstatSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exitCodes } from '#supervisor/cli/exit-code.ts';
import { stateFiles } from '#supervisor/state-directory/state-files.ts';
import { daemonProgram } from '#supervisor/vbmcd-program.ts';
import { temporaryDirectory } from '#support/temporary-directory.ts';

function unitFile(name: string): string {
  return readFileSync(fileURLToPath(new URL(`../../config/systemd/${name}`, import.meta.url)), 'utf8');
}

const UNIT = unitFile('vbmc.service');
const USER_UNIT = unitFile('vbmc.user.service');

function value(key: string, unit = UNIT): string | undefined {
  return new RegExp(`^${key}=(.*)$`, 'm').exec(unit)?.[1];
}

test.each([
  ['the system', UNIT],
  ['a user', USER_UNIT],
])('systemd accepts the unit of %s', (_, unit) => {
  const path = join(temporaryDirectory(), 'vbmc.service');
  // The programs are not installed where tests run.
  writeFileSync(path, unit.replaceAll(/=\/usr\/bin\/vbmcd?/g, '=/bin/true'));
  const { error, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', path], { encoding: 'utf8' });
  // A machine without systemd cannot verify it; npm run test:service asks a real systemd.
  if (error !== undefined) return;
  expect(stderr).not.toMatch(/vbmc\.service:.*(Unknown|Failed|Invalid|ignoring)/);
});

test.each([
  ['the system', UNIT],
  ['a user', USER_UNIT],
])("vbmcd accepts the command line of %s's unit", (_, unit) => {
  const options = daemonProgram('').options.map(({ flags }) => flags.split(' ')[0]);
  const used = [...(value('ExecStart', unit) ?? '').matchAll(/ (--[a-z-]+)/g)].map(([, option]) => option);
  expect(used).toContain('--foreground');
  for (const option of used) expect(options).toContain(option);
});

test.each([
  ['Type', 'notify'],
  // systemd-notify is a child of vbmcd: with `main` its notices are rejected.
  ['NotifyAccess', 'all'],
  // A worker that systemd stops in the middle of a power cycle would leave its domain off.
  ['KillMode', 'mixed'],
  ['Restart', 'always'],
  ['CapabilityBoundingSet', 'CAP_NET_BIND_SERVICE'],
  ['LimitCORE', '0'],
  // In system.slice the weights would count against libvirtd, and not against the guests in machine.slice.
  ['Slice', 'vbmc.slice'],
])('%s=%s', (key, expected) => {
  expect(value(key)).toBe(expected);
});

test('the unit of a user does not try again and again beside a vbmcd in the background', () => {
  expect(value('RestartPreventExitStatus', USER_UNIT)).toBe(String(exitCodes.directoryTaken));
});

test("the service gives root's state files to the owner of the directory, follows no link and leaves all others", () => {
  const [, ...argv] = (value('ExecStartPre') ?? '').replace(/^-\+/, '').split(' ');
  const directory = temporaryDirectory();
  const names = Object.values(stateFiles).map(({ name }) => name);
  const elsewhere = join(temporaryDirectory(), 'elsewhere');
  writeFileSync(elsewhere, '');
  for (const name of names.slice(1)) {
    if (name === stateFiles.eventLogs.name) {
      mkdirSync(join(directory, name));
      writeFileSync(join(directory, name, 'node-0'), '');
    } else writeFileSync(join(directory, name), '', { mode: 0o600 });
  }
  symlinkSync(elsewhere, join(directory, names[0] ?? ''));
  mkdirSync(join(directory, 'virtualbmc'));
  const nobody = 65_534;
  if (process.getuid?.() === 0) chownSync(directory, nobody, nobody);
  const { uid } = statSync(directory);
  const run = spawnSync(
    'chown',
    argv.map((word) => word.replace('/var/lib/vbmc', directory)),
    {
      encoding: 'utf8',
    },
  );
  expect(run.stderr).toBe('');
  for (const name of [...names, 'event-log/node-0']) expect(lstatSync(join(directory, name)).uid).toBe(uid);
  for (const path of [elsewhere, join(directory, 'virtualbmc')]) {
    expect(statSync(path).uid).toBe(process.getuid?.());
  }
});

test('the guests of a libvirtd that vbmcd has started outlive the unit of a user', () => {
  expect(value('KillMode', USER_UNIT)).toBe('process');
});

test('the slice gives the guests the better part of processors, disks and memory', () => {
  const slice = readFileSync(
    fileURLToPath(new URL('../../config/systemd/vbmc.slice', import.meta.url)),
    'utf8',
  );
  const weight = (key: string): number => Number(new RegExp(`^${key}=([0-9]+)$`, 'm').exec(slice)?.[1]);
  // The default of machine.slice is 100.
  for (const key of ['CPUWeight', 'IOWeight']) expect(weight(key)).toBeLessThanOrEqual(25);
  expect(slice).toMatch(/^MemoryHigh=25%$/m);
  const path = join(temporaryDirectory(), 'vbmc.slice');
  writeFileSync(path, slice);
  const { error, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', path], { encoding: 'utf8' });
  if (error === undefined) expect(stderr).not.toMatch(/vbmc\.slice:.*(Unknown|Failed|Invalid|ignoring)/);
});
