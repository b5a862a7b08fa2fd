import { LINES_PER_MINUTE, limitLinesPerSubject } from '#supervisor/log/lines-per-subject.ts';
import { OwedStarts } from '#supervisor/owed-starts/owed-starts.ts';
import { temporaryDirectory } from '#support/temporary-directory.ts';
import { VirtualClock } from '#support/supervisor/virtual-clock.ts';

function scene() {
  const clock = new VirtualClock();
  const lines: string[] = [];
  const log = limitLinesPerSubject((_, message, { bmc } = {}) => {
    lines.push(`${String(bmc ?? '-')}: ${message}`);
  }, clock);
  const flood = (message: string, fields: Record<string, string>) => {
    for (let count = 0; count < 2 * LINES_PER_MINUTE; count += 1) log('warn', message, fields);
  };
  return { clock, lines, log, flood };
}

test('a worker that floods one kind of line leaves room for other BMCs, and what was left out is told', () => {
  const { clock, lines, log, flood } = scene();
  flood('cut', { bmc: 'a', event: 'changeCut' });
  expect(lines).toHaveLength(LINES_PER_MINUTE);
  log('info', 'power on', { bmc: 'b', event: 'domainActionFinished' });
  log('info', 'up');
  expect(lines.slice(LINES_PER_MINUTE)).toEqual(['b: power on', '-: up']);
  clock.advance(60_000);
  log('info', 'power off', { bmc: 'a' });
  expect(lines.slice(-2)).toEqual([`a: ${LINES_PER_MINUTE} lines about BMC a were left out`, 'a: power off']);
});

test('lines about a domain are limited too, and logins of users are not', () => {
  const { lines, flood } = scene();
  flood('libvirt does not answer', { domain: 'vm-0', event: 'domainUnanswered' });
  flood('libvirt does not answer', { domain: 'vm-1', event: 'domainUnanswered' });
  flood('session opened', { bmc: 'a', event: 'sessionOpened' });
  expect(lines).toHaveLength(4 * LINES_PER_MINUTE);
});

test('power cycles that a worker calls cut without end', async () => {
  const { clock, lines, log } = scene();
  const owed = await OwedStarts.open({
    ...{ stateDirectory: temporaryDirectory(), clock, log, hasBmc: () => true },
  });
  const start = { description: 'power cycle', user: 'admin', source: '192.0.2.7:40000' };
  const uuid = '3e3fce45-4f53-4fa7-bb32-11f34168b82b';
  for (let count = 0; count < 2_000; count += 1) {
    void owed.note('a', { ...start, uuid });
    void owed.end('a', 'overtaken', 'x');
  }
  expect(lines).toHaveLength(LINES_PER_MINUTE);
  // The write that is under way.
  await owed.note('a', { ...start, uuid });
});
