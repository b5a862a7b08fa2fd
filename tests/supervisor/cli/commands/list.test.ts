import { renderListings } from '#supervisor/cli/commands/list.ts';
import type { BmcListing } from '#supervisor/status/bmc-listing.ts';
import { runningListing } from '#support/supervisor/running-listing.ts';

const running = { ...runningListing, restarts: 2 };

test('a table, without a column for reasons when there are none', () => {
  expect(renderListings([running, { ...running, name: 'n', address: '192.0.2.1', powerState: 'off' }])).toBe(
    [
      'NAME    DOMAIN  ADDRESS:PORT    STATUS   POWER  PID   RESTARTS',
      'node-0  vm-0    [::]:6230       running  on     4711  2',
      'n       vm-0    192.0.2.1:6230  running  off    4711  2',
      '',
    ].join('\n'),
  );
});

test('the table explains why a BMC does not run', () => {
  const invalid: BmcListing = {
    ...running,
    address: 'x',
    port: null,
    status: 'invalid',
    reason: 'domains.ini:17: [node-0] port: x is not a UDP port (1-65535)',
    powerState: 'unknown',
    domainState: null,
    pid: null,
    restarts: 0,
  };
  expect(renderListings([invalid])).toBe(
    [
      'NAME    DOMAIN  ADDRESS:PORT  STATUS   POWER    PID  RESTARTS  REASON',
      'node-0  vm-0    x:-           invalid  unknown  -    0         domains.ini:17: [node-0] port: x is not a UDP port (1-65535)',
      '',
    ].join('\n'),
  );
});

test('the table says since when libvirt owes an answer, and about what', () => {
  const since = '2026-01-01T00:00:00.000Z';
  const stuck = (call: string | null, reason: string | null = null): BmcListing => ({
    ...{ ...running, reason, powerState: 'unknown' },
    unanswered: { since, call },
  });
  const [, ...rows] = renderListings([stuck('destroy'), stuck(null), stuck(null, 'hangs'), running]).split(
    '\n',
  );
  expect(rows.map((row) => row.split('2         ')[1] ?? '')).toEqual([
    `libvirt owes an answer to virsh destroy since ${since}`,
    `libvirt owes an answer since ${since}`,
    `hangs; libvirt owes an answer since ${since}`,
    '',
    '',
  ]);
});

test('the table tells of a password that everybody knows', () => {
  const listing = { ...running, warning: "admin has VirtualBMC's default password" };
  expect(renderListings([listing])).toContain("2         admin has VirtualBMC's default password\n");
});

test('without BMCs there is only the header', () => {
  expect(renderListings([])).toBe('NAME  DOMAIN  ADDRESS:PORT  STATUS  POWER  PID  RESTARTS\n');
});
