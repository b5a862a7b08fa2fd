/**
 * Makes a fresh machine ready for `npm start` and `npm test`: npm packages, Debian packages, build. It runs
 * before there is a node_modules, hence plain JavaScript without dependencies. `--build-only`: no Debian packages.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * @typedef {object} Need
 * @property {string} debianPackage
 * @property {string[]} [programs] any of them on the PATH will do, whatever package it came with
 * @property {string} [without] what happens without it; what has no such text is indispensable
 */

/** @type {Need[]} */
const needs = [
  { debianPackage: 'libvirt-daemon', programs: ['libvirtd', 'virtqemud'] },
  { debianPackage: 'libvirt-daemon-driver-qemu' },
  { debianPackage: 'libvirt-clients', programs: ['virsh'] },
  { debianPackage: 'ipmitool', programs: ['ipmitool'] },
  { debianPackage: 'freeipmi-tools', programs: ['ipmipower'] },
  { debianPackage: 'mandoc', programs: ['mandoc'] },
  { debianPackage: 'python3', programs: ['python3'] },
  {
    debianPackage: 'fence-agents',
    programs: ['fence_ipmilan'],
    without: 'npm test will let ipmitool fence in the place of fence_ipmilan',
  },
  { debianPackage: 'qemu-utils', programs: ['qemu-img'] },
  {
    debianPackage: 'qemu-system-x86',
    programs: ['qemu-system-x86_64'],
    without: "npm start will use libvirt's mock hypervisor, and npm test will fail",
  },
];
const CHECKOUT = fileURLToPath(new URL('../..', import.meta.url));
const searchPath = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'];

assertNode(20, 17);
if (!npmPackagesAreThere()) must('installing npm packages', 'npm', ['ci']);
if (!process.argv.includes('--build-only')) provideDebianPackages();
must('building', 'npm', ['run', '--silent', 'build']);

/**
 * @param {number} requiredMajor
 * @param {number} requiredMinor
 */
function assertNode(requiredMajor, requiredMinor) {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > requiredMajor || (major === requiredMajor && minor >= requiredMinor)) return;
  const { node } = process.versions;
  fail(`Node.js ${requiredMajor}.${requiredMinor} or later is needed, and ${process.execPath} is ${node}.`);
}

/** Compares what npm wrote down when it installed with what it should install. */
function npmPackagesAreThere() {
  const wanted = packagesIn('package-lock.json');
  const installed = packagesIn('node_modules/.package-lock.json');
  if (wanted === undefined || installed === undefined) return false;
  // npm links the workspaces' own programs only when it installs.
  if (!existsSync(join(CHECKOUT, 'node_modules/.bin/vbmcd'))) return false;
  return Object.entries(wanted).every(([path, { version, integrity, optional }]) => {
    const found = installed[path];
    // The project itself is not listed as installed; optional packages are those for other platforms.
    if (found === undefined) return path === '' || optional === true;
    return found.version === version && found.integrity === integrity;
  });
}

/**
 * @param {string} lockFile
 * @returns {Record<string, { version?: string, integrity?: string, optional?: boolean }> | undefined}
 */
function packagesIn(lockFile) {
  try {
    return JSON.parse(readFileSync(join(CHECKOUT, lockFile), 'utf8')).packages;
  } catch {
    return undefined;
  }
}

function provideDebianPackages() {
  const missing = needs.filter((need) => !isThere(need));
  if (missing.length === 0) return;
  const indispensable = missing.filter(({ without }) => without === undefined);
  if (process.getuid?.() === 0 && findProgram('apt-get')) {
    if (install(missing) || (indispensable.length < missing.length && install(indispensable))) {
      return tellWhatIsWithout();
    }
    fail(`Debian's packages ${names(missing)} could not be installed; see above.`);
  }
  say(`these programs are missing; install their packages, on Debian and Ubuntu with

    sudo apt-get install --no-install-recommends ${names(missing)}
`);
  if (indispensable.length > 0) process.exit(1);
  tellWhatIsWithout();
}

function tellWhatIsWithout() {
  for (const need of needs) {
    if (need.without !== undefined && !isThere(need)) say(`without ${need.debianPackage}, ${need.without}`);
  }
}

/** @param {Need[]} wanted */
function install(wanted) {
  if (wanted.length === 0) return true;
  const what = `installing ${names(wanted)}`;
  const packages = wanted.map(({ debianPackage }) => debianPackage);
  const args = ['install', '--no-install-recommends', ...packages];
  if (apt(what, args).ok) return true;
  // No package lists yet, or such old ones that the files they name are gone.
  apt('updating the lists of Debian packages', ['update']);
  const { ok, output } = apt(`${what}, once more`, args);
  if (!ok) console.error(output);
  return ok;
}

/**
 * @param {string} what
 * @param {string[]} args
 */
function apt(what, args) {
  return run(what, 'apt-get', ['-y', '-q', '-o', 'DPkg::Lock::Timeout=300', ...args], {
    DEBIAN_FRONTEND: 'noninteractive',
  });
}

/** @param {Need} need */
function isThere({ debianPackage, programs = [] }) {
  if (programs.some(findProgram)) return true;
  if (!findProgram('dpkg-query')) return programs.length === 0;
  const query = spawnSync('dpkg-query', ['-W', '-f', '${db:Status-Status}', debianPackage]);
  return String(query.stdout) === 'installed';
}

/** @param {string} name */
function findProgram(name) {
  return searchPath.some((directory) => {
    try {
      accessSync(join(directory, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** @param {Need[]} list */
function names(list) {
  return list.map(({ debianPackage }) => debianPackage).join(' ');
}

/**
 * @param {string} what
 * @param {string} command
 * @param {string[]} args
 */
function must(what, command, args) {
  const { ok, output } = run(what, command, args);
  if (ok) return;
  console.error(output);
  fail(`${what} failed (${command} ${args.join(' ')}); see above.`);
}

/**
 * Says what it does, and keeps the program's own words for a failure.
 * @param {string} what
 * @param {string} command
 * @param {string[]} args
 * @param {Record<string, string>} [environment]
 */
function run(what, command, args, environment = {}) {
  say(`${what} …`);
  const { status, error, stdout, stderr } = spawnSync(command, args, {
    cwd: CHECKOUT,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 1024 ** 3,
  });
  return { ok: status === 0, output: `${stdout}${stderr}${error?.message ?? ''}` };
}

/** @param {string} message */
function say(message) {
  console.error(`vbmc: ${message}`);
}

/**
 * @param {string} message
 * @returns {never}
 */
function fail(message) {
  say(message);
  process.exit(1);
}
