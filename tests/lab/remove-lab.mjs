/**
 * Makes a lab's directory, and removes it when its standard input ends. That happens whenever the lab's owner
 * ends, in good order, by Ctrl-C, by SIGKILL or with its terminal. It runs in a session of its own, so that the
 * terminal's signals do not reach it.
 *
 *   node remove-lab.mjs [UID GID]     the directory's owner
 *   stdout: the directory's path     stdin: one process id a line, in the order of starting
 *
 * It ends those processes, and those whose process ids libvirt keeps in the directory, then removes the
 * directory. It exits 1 if a process of this lab is still there after all.
 */
import { chmodSync, chownSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

const PATIENCE_MS = 5_000;
// Not os.tmpdir(): a unix socket's path has at most 107 bytes, and TMPDIR may be closed to other users.
const DIRECTORY = mkdtempSync('/tmp/vbmc-');
const [uid, gid] = process.argv.slice(2).map(Number);
chmodSync(DIRECTORY, 0o700);
if (uid !== undefined && gid !== undefined) chownSync(DIRECTORY, uid, gid);

/** @type {{ pid: number, startTime: string | undefined }[]} */
const kept = [];
process.on('SIGINT', () => {});
process.on('SIGHUP', () => {});
process.on('SIGTERM', () => process.stdin.destroy());
process.stdout.on('error', () => {});
process.stderr.on('error', () => {});
process.stdout.write(`${DIRECTORY}\n`);

for await (const line of createInterface({ input: process.stdin })) {
  const pid = Number(line);
  if (Number.isInteger(pid) && pid > 1) kept.push({ pid, startTime: startTimeOf(pid) });
}
for (const { pid, startTime } of kept.reverse()) {
  // The start time tells a process from a later one that was given the same id.
  await end(pid, () => startTime !== undefined && startTimeOf(pid) === startTime);
}
for (const pid of pidsInLibvirtFiles()) await end(pid, () => isOfThisLab(pid));
const left = await processesLeft();
rmSync(DIRECTORY, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
for (const pid of left) process.stderr.write(`lab: process ${pid} is left behind: ${commandLineOf(pid)}\n`);
process.exit(left.length === 0 ? 0 : 1);

/**
 * @param {number} pid
 * @param {() => boolean} isStillIt
 */
async function end(pid, isStillIt) {
  for (const signal of /** @type {const} */ (['SIGTERM', 'SIGKILL'])) {
    const deadline = Date.now() + PATIENCE_MS;
    if (isStillIt()) signalTo(pid, signal);
    while (isStillIt() && Date.now() < deadline) await sleep(10);
  }
}

/**
 * @param {number} pid
 * @param {NodeJS.Signals} signal
 */
function signalTo(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended by itself just now.
  }
}

/** Domains, and a session daemon that a client started. libvirt keeps their process ids in files. */
function pidsInLibvirtFiles() {
  return ['run/libvirt/qemu/run', 'run/libvirt'].flatMap((folder) =>
    filesIn(`${DIRECTORY}/${folder}`)
      .filter((name) => name.endsWith('.pid'))
      .map((name) => Number(read(`${DIRECTORY}/${folder}/${name}`)))
      .filter((pid) => pid > 1),
  );
}

/** Everything else that the lab's programs started has ended with them, or will within a moment. */
async function processesLeft() {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const pids = filesIn('/proc')
      .map(Number)
      .filter((pid) => pid > 1 && isOfThisLab(pid));
    if (pids.length === 0 || Date.now() > deadline) return pids;
    await sleep(20);
  }
}

/**
 * The lab's environment and the domains' command lines contain its directory, whose name is unique.
 * @param {number} pid
 */
function isOfThisLab(pid) {
  return (
    pid !== process.pid &&
    [read(`/proc/${pid}/environ`), commandLineOf(pid)].some((text) => text.includes(DIRECTORY))
  );
}

/** @param {number} pid */
function commandLineOf(pid) {
  return read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ');
}

/**
 * Field 22 of /proc/PID/stat, unless the process is dead and only waits for its parent. The second field,
 * the command, may contain spaces and parentheses.
 * @param {number} pid
 */
function startTimeOf(pid) {
  const stat = read(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' ? undefined : fields[19];
}

/** @param {string} file */
function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** @param {string} folder */
function filesIn(folder) {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
