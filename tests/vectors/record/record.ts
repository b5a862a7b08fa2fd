/**
 * Makes the recordings in the folder above again, all of them or those that are named:
 *
 *     npx tsx tests/vectors/record/record.ts [NAME...]
 *
 * Needs ipmitool, freeipmi-tools and openipmi. No test run executes it; the recordings are under version control.
 */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { withHexBytes } from '#support/hex.ts';
import { Exchange } from '../exchange.ts';
import type { Recording } from '../recording.ts';
import { startIpmiSim } from '#lab/ipmi-sim.ts';
import { startRecordingProxy } from '#lab/recording-proxy.ts';
import { startSha256Bmc } from './sha256-bmc.ts';

const PASSWORD = 'tRustn0.1';
const SIM_PORT = 19_623;

interface Plan {
  readonly name: string;
  readonly bmc: 'ipmi_sim' | 'sha256-bmc';
  readonly argv: readonly string[];
  /** Absent for an IPMI 1.5 session. */
  readonly cipherSuiteId?: 3 | 17;
  readonly userName?: string;
  /** For a client without a port option. A port below 1024 needs root. */
  readonly proxyPort?: number;
}

const COMMANDS = mkdtempSync(join(tmpdir(), 'record-'));
const SCRIPT = join(COMMANDS, 'commands');
writeFileSync(
  SCRIPT,
  'mc info\nmc guid\nchassis status\nchassis bootdev pxe\nchassis bootparam get 5\nchassis power on\n',
);

function ipmitool(suite: string, user: string, ...rest: readonly string[]): string[] {
  return [
    'ipmitool',
    '-vvvvv',
    '-I',
    'lanplus',
    '-C',
    suite,
    '-N',
    '1',
    '-R',
    '2',
    '-H',
    '127.0.0.1',
    '-p',
    'PORT',
  ].concat(['-U', user, '-P'], rest);
}
function freeipmi(suite: string): string[] {
  return [
    'bmc-info',
    // ipmi_sim answers Open Session with privilege level 0, which freeipmi considers too low.
    '-W',
    'opensesspriv',
    '-D',
    'LAN_2_0',
    '-I',
    suite,
    '-h',
    '127.0.0.1:PORT',
    '-u',
    'admin',
    '-p',
    PASSWORD,
    '--get-device-id',
  ];
}

function ipmitoolV15(withPassword: string, ...rest: readonly string[]): string[] {
  return ['ipmitool', '-I', 'lan', '-N', '1', '-R', '2', '-H', '127.0.0.1', '-p', 'PORT'].concat(
    ['-U', 'admin', '-P', withPassword],
    rest,
  );
}

const plans: readonly Plan[] = [
  {
    name: 'ipmitool-suite-3',
    bmc: 'ipmi_sim',
    cipherSuiteId: 3,
    argv: ipmitool('3', 'admin', PASSWORD, 'exec', SCRIPT),
  },
  {
    name: 'ipmitool-suite-17',
    bmc: 'sha256-bmc',
    cipherSuiteId: 17,
    argv: ipmitool('17', 'admin', PASSWORD, 'exec', SCRIPT),
  },
  {
    name: 'ipmitool-unknown-user',
    bmc: 'ipmi_sim',
    cipherSuiteId: 3,
    userName: 'nobody',
    argv: ipmitool('3', 'nobody', PASSWORD, 'mc', 'info'),
  },
  {
    name: 'ipmitool-wrong-password',
    bmc: 'ipmi_sim',
    cipherSuiteId: 3,
    argv: ipmitool('3', 'admin', 'wrong', 'mc', 'info'),
  },
  { name: 'freeipmi-suite-3', bmc: 'ipmi_sim', cipherSuiteId: 3, argv: freeipmi('3') },
  { name: 'freeipmi-suite-17', bmc: 'sha256-bmc', cipherSuiteId: 17, argv: freeipmi('17') },
  {
    name: 'freeipmi-rmcpping',
    bmc: 'ipmi_sim',
    cipherSuiteId: 3,
    proxyPort: 623,
    argv: ['rmcpping', '-c', '1', '127.0.0.1'],
  },
  { name: 'ipmitool-ipmi-1.5', bmc: 'ipmi_sim', argv: ipmitoolV15(PASSWORD, 'exec', SCRIPT) },
  { name: 'ipmitool-ipmi-1.5-wrong-password', bmc: 'ipmi_sim', argv: ipmitoolV15('wrong', 'mc', 'info') },
  {
    name: 'freeipmi-ipmi-1.5',
    bmc: 'ipmi_sim',
    argv: ['bmc-info', '-D', 'LAN', '-h', '127.0.0.1:PORT', '-u', 'admin', '-p', PASSWORD, '--get-device-id'],
  },
];

/** The bytes that ipmitool -vvvvv prints under a heading. */
function printed(log: string, heading: string): string | undefined {
  const found = new RegExp(
    `^${heading} \\(\\d+ bytes\\)\n((?: [0-9a-f]{2})+(?: *\n(?: [0-9a-f]{2})+)*)`,
    'm',
  ).exec(log);
  return found?.[1]?.replace(/\s/g, '');
}

function packageVersion(name: string): string {
  return `${name} ${execFileSync('dpkg-query', ['-W', '-f', '${Version}', name], { encoding: 'utf8' })} (Debian)`;
}

function clientPackage(program: string): string {
  return program === 'ipmitool' ? 'ipmitool' : 'freeipmi-tools';
}

async function record(plan: Plan, bmcPort: number): Promise<Recording> {
  const proxy = await startRecordingProxy(bmcPort, plan.proxyPort ?? 0);
  const argv = plan.argv.map((argument) => argument.replace('PORT', String(proxy.port)));
  const [program = '', ...rest] = argv;
  const client = spawn(program, rest, { stdio: ['ignore', 'pipe', 'pipe'] });
  const [, log] = await Promise.all([text(client.stdout), text(client.stderr)]);
  proxy.stop();
  const sik = printed(log, 'Generated session integrity key');
  const k1 = printed(log, 'Generated K1');
  const k2 = printed(log, 'Generated K2');
  const exchange: Recording = {
    client: packageVersion(clientPackage(program)),
    bmc:
      plan.bmc === 'ipmi_sim'
        ? `ipmi_sim, ${packageVersion('openipmi')}`
        : 'tests/vectors/record/sha256-bmc.ts',
    commandLine: argv.join(' ').replace(SCRIPT, 'COMMANDS'),
    ...(plan.cipherSuiteId !== undefined && { cipherSuiteId: plan.cipherSuiteId }),
    userName: plan.userName ?? 'admin',
    password: PASSWORD,
    ...(sik !== undefined && k1 !== undefined && k2 !== undefined
      ? { keysPrintedByClient: { sik, k1, k2 } }
      : {}),
    datagrams: [],
  };
  const decoder = new Exchange(exchange);
  const datagrams = proxy.datagrams.map((datagram) => ({
    ...datagram,
    decoded: withHexBytes(decoder.decode(datagram)),
  }));
  return { ...exchange, datagrams };
}

const simulator = await startIpmiSim(SIM_PORT, PASSWORD);
const sha256Bmc = await startSha256Bmc(PASSWORD);
try {
  const wanted = process.argv.slice(2);
  for (const plan of plans.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
    const recording = await record(plan, plan.bmc === 'ipmi_sim' ? SIM_PORT : sha256Bmc.port);
    const path = new URL(`../${plan.name}.json`, import.meta.url);
    writeFileSync(path, `${JSON.stringify(recording, undefined, 2)}\n`);
    process.stdout.write(`${plan.name}: ${recording.datagrams.length} datagrams\n`);
  }
} finally {
  sha256Bmc.stop();
  await simulator.stop();
  rmSync(COMMANDS, { recursive: true });
}
