/**
 * Makes a directory and a control group for a lab. When its standard input ends, it ends every process in the
 * group and removes group and directory. Standard input ends however the lab ends: in good order, by Ctrl-C or
 * by SIGKILL. It runs in its own session, so that the terminal's signals do not reach it.
 *
 *   stdout: one line of JSON: { directory, groups }, where `groups` are the group's directories below
 *           /sys/fs/cgroup, one for each hierarchy; or { error }
 *
 * A process belongs to the lab because it is in the lab's group. Process ids would be no proof: they are reused,
 * and a container outlives a systemd-nspawn that was killed.
 */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const ROOT = '/sys/fs/cgroup';
/** A dead process stays in its group until its parent has noticed, and a process 1 may look only now and then. */
const PATIENCE_MS = 10_000;
const FIRST_ONLY_MS = 2_000;

process.on('SIGINT', () => {});
process.on('SIGHUP', () => {});
process.on('SIGTERM', () => process.stdin.destroy());
process.stdout.on('error', () => {});

const directory = mkdtempSync('/tmp/vbmc-systemd-');
/** @type {string[]} */
const groups = [];
try {
  for (const parent of parentGroups()) groups.push(makeGroup(join(parent, basename(directory))));
  process.stdout.write(`${JSON.stringify({ directory, groups })}\n`);
} catch (error) {
  process.stdout.write(`${JSON.stringify({ error: String(error) })}\n`);
}
process.stdin.resume();
await new Promise((resolve) => process.stdin.once('close', resolve));

const left = await endProcesses();
groups.forEach(removeGroup);
// Not a recursive removal by Node: whatever is mounted in there is not the lab's to remove.
spawnSync('rm', ['-rf', '--one-file-system', directory]);
if (left.length > 0) process.stderr.write(`lab: processes ${left.join(' ')} are left behind\n`);
process.exit(left.length === 0 ? 0 : 1);

/** The directory of this process's own group in each hierarchy: version 1, version 2, or both. */
function parentGroups() {
  return readFileSync('/proc/self/cgroup', 'utf8')
    .trim()
    .split('\n')
    .map((line) => {
      const [, controllers = '', path = '/'] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
      if (controllers === '') return join(existsSync(`${ROOT}/unified`) ? `${ROOT}/unified` : ROOT, path);
      return join(ROOT, controllers.replace(/^name=/, ''), path);
    })
    .filter(existsSync);
}

/** @param {string} group */
function makeGroup(group) {
  mkdirSync(group);
  // Version 1: nothing can join a cpuset that has no processors and no memory.
  for (const file of ['cpuset.cpus', 'cpuset.mems']) {
    if (existsSync(join(group, file)) && existsSync(join(dirname(group), 'cpuset.cpus'))) {
      writeFileSync(join(group, file), readFileSync(join(dirname(group), file)));
    }
  }
  return group;
}

/**
 * Kills until none is left; returns those that did not end. A container ends with its process 1. That one goes
 * first, so that systemd-nspawn sees its container end and removes what it keeps in /run/systemd/nspawn.
 */
async function endProcesses() {
  const startedAt = Date.now();
  let hasContainer = false;
  for (;;) {
    const pids = [...new Set(groups.flatMap(processesIn))];
    const elapsedMs = Date.now() - startedAt;
    if (pids.length === 0 || elapsedMs > PATIENCE_MS) return pids;
    const first = pids.filter(isContainersFirst);
    hasContainer ||= first.length > 0;
    for (const pid of hasContainer && elapsedMs < FIRST_ONLY_MS ? first : pids) kill(pid);
    await sleep(50);
  }
}

/**
 * Whether it is process 1 of another process id namespace than this one.
 * @param {number} pid
 */
function isContainersFirst(pid) {
  return /^NSpid:.*\t1$/m.test(read(`/proc/${pid}/status`));
}

/** @param {number} pid */
function kill(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended just now.
  }
}

/**
 * @param {string} group
 * @returns {number[]}
 */
function processesIn(group) {
  const own = read(join(group, 'cgroup.procs')).split('\n').map(Number);
  return [...own.filter((pid) => pid > 1), ...childGroups(group).flatMap(processesIn)];
}

/** @param {string} group */
function removeGroup(group) {
  childGroups(group).forEach(removeGroup);
  try {
    rmdirSync(group);
  } catch (error) {
    process.stderr.write(`lab: ${String(error)}\n`);
  }
}

/** @param {string} group */
function childGroups(group) {
  try {
    const entries = readdirSync(group, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(group, name));
  } catch {
    return [];
  }
}

/** @param {string} file */
function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
