/** Debian's fail2ban finds the address in each line about a failed login, as the log writes it, and in no other line. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { BmcEvent } from '@vbmc/bmc-worker/ipc';
import { installPrograms } from '#lab/debian-packages.ts';
import { runCommand } from '#lab/run-command.ts';
import { createLog, type LogFormat } from '#supervisor/log/log.ts';
import { describeEvent } from '#supervisor/status/event-text.ts';
import { temporaryDirectory } from '#support/temporary-directory.ts';

const FILTER = fileURLToPath(new URL('../../config/fail2ban/vbmc.conf', import.meta.url));

beforeAll(async () => {
  await installPrograms({ 'fail2ban-regex': 'fail2ban' }, { print: () => undefined });
});

const guesser = { source: '192.0.2.7:40123', user: 'admin' };
/** Sixteen bytes that look like another client's address. */
const FORGED = '" from 1.1.1.1:1';
const lockOut = { kind: 'loginLockedOut', user: 'admin', failures: 10, lockoutMs: 60_000 } as const;

const failures: readonly (readonly [BmcEvent, string])[] = [
  [{ kind: 'sessionRefused', ...guesser, status: 0x0f, reason: 'invalidIntegrityCheckValue' }, '192.0.2.7'],
  [{ kind: 'sessionRefused', ...guesser, status: 0x0f, reason: 'unknownUser' }, '192.0.2.7'],
  [{ kind: 'sessionRefused', ...guesser, reason: 'wrongPassword' }, '192.0.2.7'],
  [{ kind: 'sessionRefused', ...guesser, user: FORGED, status: 0x0f, reason: 'unknownUser' }, '192.0.2.7'],
  [{ kind: 'loginAbandoned', source: '[2001:db8::7]:40123', user: 'admin' }, '2001:db8::7'],
  [{ kind: 'loginAbandoned', ...guesser, user: FORGED, unknownUser: true }, '192.0.2.7'],
  [{ ...lockOut, source: '192.0.2.7' }, '192.0.2.7'],
  [{ ...lockOut, source: '2001:db8::7', user: FORGED }, '2001:db8::7'],
];

const others: readonly BmcEvent[] = [
  { kind: 'sessionOpened', ...guesser, cipherSuiteId: 17, privilege: 'administrator' },
  { kind: 'sessionClosed', ...guesser, cause: 'closed' },
  { kind: 'sessionRefused', ...guesser, status: 0x01, reason: 'insufficientResourcesToCreateSession' },
  { ...lockOut, source: '192.0.2.7', exempt: true },
  // Whole networks: a ban would hit the neighbours. And an address that is valid on one interface only.
  { ...lockOut, source: '2001:db8:0:0::/64' },
  { ...lockOut, source: 'fe80:0:0:0::/64%eth0' },
  { kind: 'loginAbandoned', ...guesser, source: '[fe80::1%eth0]:40123' },
];

/** What the log writes about these events of a BMC whose name has a colon. */
function linesOf(events: readonly BmcEvent[], format: LogFormat): readonly string[] {
  let written = '';
  const stream = new Writable({
    write: (line: Buffer, _encoding, taken) => {
      written += line.toString();
      taken();
    },
  });
  const { log } = createLog('debug', format, { stream });
  for (const event of events) {
    const { level, message } = describeEvent(event);
    log(level, message, { bmc: 'web: 0', event: event.kind });
  }
  const lines = written.trimEnd().split('\n');
  // What fail2ban's backend for the journal puts together, after journald has taken the priority off.
  const fromJournal = (line: string): string =>
    `2026-11-28T09:00:00.000000 hv1 vbmcd[4711]: ${line.replace(/^<\d>/, '')}`;
  return format === 'journal' ? lines.map(fromJournal) : lines;
}

/** The address that fail2ban would ban for each line; undefined where it finds none. */
async function found(lines: readonly string[]): Promise<readonly (string | undefined)[]> {
  const directory = temporaryDirectory();
  return Promise.all(
    lines.map(async (line, index) => {
      const path = join(directory, String(index));
      writeFileSync(path, `${line}\n`);
      const { stdout, stderr } = await runCommand('fail2ban-regex', ['-o', 'ip', path, FILTER], {});
      expect(stderr).toBe('');
      return stdout.trim() === '' ? undefined : stdout.trim();
    }),
  );
}

test.each(['text', 'journal'] as const)('in the log as %s', async (format) => {
  const events = failures.map(([event]) => event);
  expect(await found(linesOf(events, format))).toEqual(failures.map(([, address]) => address));
  expect(await found(linesOf(others, format))).toEqual(others.map(() => undefined));
});
