/** Logins that fail, by thousands: the event log stays readable, files stay small, and nobody else is kept out. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { startLab, type Lab } from '#lab/lab.ts';
import { startSteadyLogins } from '#support/clients/steady-logins.ts';
import { describeDurations } from '#support/figures.ts';
import { attack } from '#support/hostile/attackers.ts';
import type { Part, PartOptions } from './part.ts';
import { storedBytes } from './stored-log.ts';

const MOST_RECORDS = 99;
const LOG_FILE = 'vbmcd/vbmcd.log';
/** Lines about sessions, refusals and guesses a minute (docs/operate.md), each perhaps after one that says how many were left out. */
const MOST_LOG_BYTES_PER_MINUTE = 2 * (200 + 100 + 60) * 250;
/** Of a log with as many records as it may have, and the operating time beside them. */
const MOST_STORED_BYTES = 64 * 1_024;
/** Each program's logins that fail, by the real clients. */
const CLIENT_LOGINS = 20;

interface Variant {
  readonly about: string;
  readonly inventoryKeys: Readonly<Record<string, string>>;
}
const variants: readonly Variant[] = [
  { about: 'the defaults', inventoryKeys: {} },
  { about: 'no lock-out: each password is checked', inventoryKeys: { login_attempts: '0' } },
];

export const failLogins: Part = async ({ report, unlessInterrupted }, options) => {
  for (const { about, inventoryKeys } of variants) {
    const lab = await startLab({
      domains: 2,
      vbmcd: (libvirt) => ({
        inventoryKeys,
        args: ['--log-file', join(libvirt.directory.makeDirectory('vbmcd'), 'vbmcd.log')],
      }),
    });
    try {
      const count = options.logins.toLocaleString('en');
      await report.step(`${count} failed logins, ${about}`, () => unlessInterrupted(guess(lab, options)));
      await report.step('ipmitool and bmc-info fail, too', () => unlessInterrupted(failByClients(lab)));
      await report.step('records in the log', () => unlessInterrupted(countRecords(lab)));
    } finally {
      await lab.stop();
    }
  }
};

async function guess(lab: Lab, { logins }: PartOptions): Promise<string> {
  const startedAt = performance.now();
  const neighbours = [lab.bmc(0), lab.bmc(1)].map(startSteadyLogins);
  // Every other one by the name of somebody who is not there.
  const userNameOf = (attempt: number): string | undefined =>
    attempt % 2 === 0 ? undefined : `nobody${attempt}`;
  const { seconds, ends } = await attack(lab.bmc(0), 'guess', logins, { userNameOf, freshPorts: true });
  const reports = await Promise.all(neighbours.map(async (one) => one.stop()));
  if ('rakpMessage4' in ends) throw new Error('a wrong password was accepted');
  const failures = reports.flatMap((one) => one.failures);
  if (failures.length > 0) throw new Error(`${failures.length} good logins failed: ${failures[0] ?? ''}`);
  const logBytes = statSync(join(lab.libvirt.directory.path, LOG_FILE)).size;
  const minutes = Math.ceil((performance.now() - startedAt) / 60_000) + 1;
  if (logBytes > minutes * MOST_LOG_BYTES_PER_MINUTE) throw new Error(`vbmcd has logged ${logBytes} bytes`);
  return [
    `in ${seconds.toFixed(1)} s, the last answers ${JSON.stringify(ends)}`,
    `good logins meanwhile, from another address: ${describeDurations(reports[0]?.durationsMs ?? [])}`,
    `of the other BMC: ${describeDurations(reports[1]?.durationsMs ?? [])}`,
    `vbmcd's log file ${logBytes} bytes`,
  ].join('; ');
}

/** From 127.0.0.1, where the administrator logs in, too. */
async function failByClients(lab: Lab): Promise<string> {
  const bmc = lab.bmc(0);
  const who = { user: 'nobody', password: 'wrong' };
  const startedAt = performance.now();
  for (let login = 0; login < CLIENT_LOGINS; login += 1) {
    const results = [
      await lab.ipmitool(bmc, ['mc', 'info'], { ...who, tries: 1, retryIntervalSeconds: 1 }),
      await lab.freeipmi('bmc-info', bmc, ['--get-device-id'], { ...who, sessionTimeoutMs: 2_000 }),
    ];
    if (results.some(({ exitCode }) => exitCode === 0)) throw new Error('a wrong password was accepted');
  }
  const { exitCode, stderr } = await lab.ipmitool(bmc, ['power', 'status']);
  if (exitCode !== 0) throw new Error(`the administrator cannot log in there: ${stderr}`);
  return `${CLIENT_LOGINS} each in ${((performance.now() - startedAt) / 1_000).toFixed(1)} s; then the administrator, from the same address`;
}

async function countRecords(lab: Lab): Promise<string> {
  const { stdout } = await lab.ipmitool(lab.bmc(0), ['sel', 'list']);
  const lines = stdout.split('\n').filter((line) => line.includes('|'));
  if (lines.length === 0 || lines.length > MOST_RECORDS) throw new Error(`${lines.length} records`);
  const bytes = storedBytes(lab, 'node-0');
  if (bytes > MOST_STORED_BYTES) throw new Error(`${bytes} bytes in the file of the event log`);
  const freeipmi = await lab.freeipmi('ipmi-sel', lab.bmc(0), ['--ignore-sdr-cache']);
  const words = [...new Set(freeipmi.stdout.split('\n').map((line) => line.split('|').at(-1)?.trim() ?? ''))];
  const isTold = words.some((word) => /Invalid Username or Password/i.test(word));
  if (!isTold) throw new Error(`ipmi-sel: ${freeipmi.stdout}`);
  return `${lines.length} records, in a file of ${bytes} bytes; ipmi-sel: ${words.slice(1).filter(Boolean).join(', ')}`;
}
