import { formatDuration } from '#supervisor/cli/format-duration.ts';
import { renderDetail } from '#supervisor/cli/commands/render-detail.ts';
import type { BmcDetail } from '#supervisor/status/bmc-detail.ts';
import { runningListing } from '#support/supervisor/running-listing.ts';

const AT = '2026-01-01T00:00:00.000Z';
const detail: BmcDetail = {
  ...runningListing,
  restarts: 1,
  configuration: {
    connectionUri: 'qemu:///system',
    libvirtSasl: true,
    users: [{ name: 'admin', privilege: 'administrator' }],
    allow: ['192.168.24.0/24', 'fd00::/8'],
    loginAttempts: 10,
    lockoutSeconds: 60,
    kg: false,
    cipherSuites: [17, 3],
    ipmiV15: false,
    userChanges: false,
    ipmiUsers: [],
    privilegeLimit: 'administrator',
  },
  workerStartedAt: AT,
  sessions: [
    {
      id: '1-a',
      user: 'admin',
      source: '192.0.2.7:40000',
      privilege: 'user',
      privilegeLimit: 'administrator',
      cipherSuiteId: 17,
      ageMs: 61_000,
      idleMs: 900,
    },
  ],
  strangers: {
    ...{ halfOpenSessions: 2, refusedLogins: 30, lockouts: 2, malformedDatagrams: 3 },
    ...{ oversizedDatagrams: 4, rateLimitedDatagrams: 5, notAllowedDatagrams: 6, lockedOutLogins: 9 },
    lockedOut: [{ user: 'eve', source: '192.0.2.66', failures: 12, remainingMs: 42_000 }],
  },
  managedSave: null,
  power: { at: AT, powerState: 'on', domainState: 'running', source: 'watch', failure: null },
  listening: [
    { address: '192.0.2.1', problem: null },
    { address: '::1', problem: 'no address of this machine (yet)' },
  ],
  eventLog: { entries: 7, capacity: 512, clockOffset: -60 },
  unfinishedChange: { at: AT, description: 'power cycle', user: 'admin', source: 's', reason: 'no memory' },
  failedLogins: [{ at: AT, user: 'eve', source: 's', reason: 'unauthorizedName', status: 13 }],
  domainActions: [
    {
      ...{ at: AT, description: 'power off', user: 'admin', source: 's', durationMs: 26_000 },
      ...{ outcome: 'done', failure: null, late: true, shared: true },
    },
  ],
  virshCalls: [{ at: AT, verb: 'domstate', durationMs: 21, outcome: 'ok' }],
  restartCauses: [{ at: AT, cause: 'worker ended by SIGKILL' }],
};

test('renders everything that is known, with ages', () => {
  const text = renderDetail(detail, Date.parse(AT) + 5_000);
  for (const line of [
    'address:  [::]:6230',
    'listens:  192.0.2.1, not ::1 (no address of this machine (yet))',
    'worker:   pid 4711, started 5 s ago, 1 restarts',
    'power:    on (domain running), read by watch 5 s ago',
    'cut:      power cycle by "admin" from s, 5 s ago: not finished, the domain stays off: no memory',
    'events:   7 of 512 records in the event log, whose clock is 60 s behind',
    'allow:    192.168.24.0/24, fd00::/8',
    'network:  2 logins under way; 30 failed; 2 lock-outs; datagrams dropped: 3 malformed, 4 too long, 5 too many, 6 not allowed',
    '  "eve"  192.0.2.66  12             42 s',
    '  and 8 more',
    'libvirt:  qemu:///system, with SASL credentials',
    '  "admin"  192.0.2.7:40000  user (up to administrator)  17            1 min 1 s  900 ms',
    '  5 s ago  "eve"  s       there is no such user',
    '  5 s ago  power off  "admin"  s       26 s  done (late) (shared)',
    '  5 s ago  domstate  21 ms  ok',
    '  5 s ago  worker ended by SIGKILL',
  ]) {
    expect(text).toContain(`${line}\n`);
  }
});

test('says since when libvirt owes an answer, and what becomes of a managed save image', () => {
  const unanswered = { since: AT, call: 'domstate' };
  const text = renderDetail({ ...detail, unanswered, managedSave: true }, Date.parse(AT) + 61_000);
  expect(text).toContain(`waits:    libvirt owes an answer to virsh domstate since ${AT} (1 min 1 s ago); `);
  expect(text).toMatch(/^saved: {4}libvirt has an image .*power on resumes it.*power off drops it$/m);
  expect(renderDetail({ ...detail, managedSave: false }, 0)).not.toContain('saved:');
});

test('renders what is known of an invalid entry', () => {
  const text = renderDetail(
    {
      ...{ ...detail, status: 'invalid', reason: 'domains.ini:1: …', port: null, pid: null },
      ...{ configuration: null, workerStartedAt: null, sessions: null, strangers: null, power: null },
      ...{ failedLogins: [], domainActions: [], virshCalls: [], restartCauses: [] },
    },
    0,
  );
  expect(text).toContain('status:   invalid: domains.ini:1: …\n');
  expect(text).toContain('unknown: no worker answers');
});

test.each([
  [0, '0 ms'],
  [999, '999 ms'],
  [1_000, '1 s'],
  [61_000, '1 min 1 s'],
  [3_600_000, '1 h'],
  [90_061_000, '1 d 1 h'],
])('%d ms: %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test('failures and states are told in words; a name of another version stays as it is', () => {
  const [action, call] = [detail.domainActions[0], detail.virshCalls[0]];
  if (action === undefined || call === undefined) throw new Error('the detail has one of each');
  const text = renderDetail(
    {
      ...detail,
      power: { at: AT, powerState: 'on', domainState: 'heldForJob', source: 'virsh', failure: null },
      failedLogins: [{ at: AT, user: 'eve', source: 's', reason: 'tooTired', status: 13 }],
      domainActions: [{ ...action, late: false, shared: false, outcome: 'calledOff', failure: 'why' }],
      virshCalls: [{ ...call, outcome: 'deadlineExceeded' }],
    },
    Date.parse(AT),
  );
  expect(text).toContain('power:    on (domain paused (saving, dumping, creating snapshot)), read by virsh');
  expect(text).toMatch(/"eve" +s +tooTired\n/);
  expect(text).toContain('overtaken by a power off: why\n');
  expect(text).toMatch(/domstate +21 ms +no answer in time\n/);
});
