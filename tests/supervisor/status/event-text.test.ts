import type { BmcEvent } from '#worker/ipc/protocol.ts';
import { describeEvent } from '#supervisor/status/event-text.ts';

const SOURCE = '192.0.2.7:40000';
const USER = 'admin';

test.each<[BmcEvent, string, string]>([
  [
    { kind: 'sessionOpened', source: SOURCE, user: USER, cipherSuiteId: 17, privilege: 'administrator' },
    'info',
    'session opened by "admin" from 192.0.2.7:40000 (cipher suite 17, up to administrator)',
  ],
  [
    { kind: 'sessionClosed', source: SOURCE, user: USER, cause: 'timedOut' },
    'debug',
    'session of "admin" from 192.0.2.7:40000 ended: inactive for too long',
  ],
  [
    { kind: 'sessionRefused', source: SOURCE, user: 'eve', status: 0x0f, reason: 'wrong password' },
    'warn',
    'session refused to "eve" from 192.0.2.7:40000: wrong password (status 0Fh)',
  ],
  [
    { kind: 'loginLockedOut', source: '192.0.2.7', user: USER, failures: 10, lockoutMs: 60_000 },
    'warn',
    '"admin" from 192.0.2.7 is locked out for 60 s after 10 failed logins in a row',
  ],
  [
    {
      ...{ kind: 'loginLockedOut', source: '192.0.2.7', user: USER, failures: 10, lockoutMs: 60_000 },
      ...{ exempt: true, times: 4 },
    },
    'warn',
    '10 failed logins in a row of "admin" from 192.0.2.7, who is not locked out: this user has lately logged in from there; 4 times since the last such line',
  ],
  [
    { kind: 'loginAbandoned', source: '192.0.2.7', user: USER, times: 49 },
    'warn',
    'login given up by "admin" from 192.0.2.7 before proving the password: a wrong password, most likely; 49 times since the last such line',
  ],
  [
    { kind: 'sessionClosed', source: SOURCE, user: USER, cause: 'displaced' },
    'info',
    'session of "admin" from 192.0.2.7:40000 ended: an administrator needed its place',
  ],
  [
    { kind: 'loginAbandoned', source: SOURCE, user: USER },
    'warn',
    'login given up by "admin" from 192.0.2.7:40000 before proving the password: a wrong password, most likely',
  ],
  [
    { kind: 'loginAbandoned', source: SOURCE, user: 'eve', unknownUser: true },
    'warn',
    'login given up by "eve" from 192.0.2.7:40000 before proving the password: there is no such user',
  ],
  [
    {
      kind: 'domainActionFinished',
      action: 'chassisControl',
      description: 'power on',
      user: USER,
      source: SOURCE,
      durationMs: 412,
    },
    'info',
    'power on by "admin" from 192.0.2.7:40000: done in 0.41 s',
  ],
  [
    {
      kind: 'domainActionFinished',
      action: 'chassisControl',
      description: 'power off',
      user: USER,
      source: SOURCE,
      durationMs: 20_000,
      failure: { kind: 'deadlineExceeded', message: 'virsh destroy was killed' },
      late: true,
    },
    'error',
    'power off by "admin" from 192.0.2.7:40000: failed after 20.00 s, after the answer had timed out: no answer in time: virsh destroy was killed',
  ],
  [
    {
      ...{ kind: 'changeNotProtected', description: 'power cycle', user: USER, source: SOURCE },
      reason: 'ENOSPC',
    },
    'warn',
    'power cycle by "admin" from 192.0.2.7:40000 is not stored: ENOSPC; if vbmcd or the host ends before the domain is started again, it stays off',
  ],
  [
    {
      kind: 'domainActionFinished',
      action: 'chassisControl',
      description: 'power off',
      user: USER,
      source: SOURCE,
      durationMs: 1_200,
      shared: true,
    },
    'info',
    'power off by "admin" from 192.0.2.7:40000: done in 1.20 s, shared with another client',
  ],
  [
    {
      kind: 'domainActionFinished',
      action: 'setBootFlags',
      description: 'boot device none',
      user: '',
      source: 'boot override expired',
      durationMs: 50,
    },
    'info',
    'boot device none (boot override expired): done in 0.05 s',
  ],
  [
    {
      ...{ kind: 'changeRefused', description: 'power on', user: USER, source: SOURCE },
      underWay: 'power cycle',
    },
    'warn',
    'power on by "admin" from 192.0.2.7:40000: refused (node busy), power cycle is under way',
  ],
  [
    { kind: 'bmcReset', reset: 'warm', user: USER, source: SOURCE, endedSessions: 3 },
    'info',
    'BMC reset (warm) by "admin" from 192.0.2.7:40000: 3 sessions end, the domain stays as it is',
  ],
  [
    { kind: 'sessionClosed', source: SOURCE, user: USER, cause: 'bmcReset' },
    'debug',
    'session of "admin" from 192.0.2.7:40000 ended: the BMC was reset',
  ],
  [
    { kind: 'sessionClosed', source: SOURCE, user: USER, cause: 'closedByAdministrator' },
    'info',
    'session of "admin" from 192.0.2.7:40000 ended: closed by an administrator from another session',
  ],
  [
    { kind: 'domainUnreadable', failure: { kind: 'domainNotFound', message: 'no domain x' } },
    'warn',
    'the domain cannot be read: libvirt knows no domain of that name: no domain x',
  ],
])('%j', (event, level, message) => {
  expect(describeEvent(event)).toEqual({ level, message });
});

test('a user name is escaped, so that it cannot start a new line', () => {
  const event = {
    kind: 'sessionRefused',
    source: SOURCE,
    user: 'a\n2026 error fake\u001b[2J',
    status: 13,
    reason: 'unknown user',
  };
  expect(describeEvent(event as BmcEvent).message).toContain('"a\\u000a2026 error fake\\u001b[2J"');
});
