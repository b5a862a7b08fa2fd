import { BmcHistory } from '#supervisor/status/bmc-history.ts';

const AT = '2026-01-01T00:00:00.000Z';

test('keeps the last twenty failed logins and changes of the domain', () => {
  const history = new BmcHistory();
  for (let status = 0; status < 30; status += 1) {
    history.addEvent({ kind: 'sessionRefused', user: 'e\u001bve', source: 's', status, reason: 'r' }, AT);
  }
  history.addEvent({ kind: 'loginAbandoned', user: 'eve', source: 's' }, AT);
  history.addEvent(
    {
      kind: 'domainActionFinished',
      action: 'chassisControl',
      description: 'power off',
      user: 'u',
      source: 's',
      durationMs: 26_000.4,
      failure: { kind: 'deadlineExceeded', message: 'm' },
      late: true,
    },
    AT,
  );
  const { failedLogins, domainActions } = history.describe();
  expect(failedLogins).toHaveLength(20);
  expect(failedLogins[0]).toEqual({ at: AT, user: 'e\\u001bve', source: 's', reason: 'r', status: 11 });
  expect(failedLogins.at(-1)).toMatchObject({ user: 'eve', status: null });
  expect(domainActions).toEqual([
    {
      ...{ at: AT, description: 'power off', user: 'u', source: 's', durationMs: 26_000 },
      ...{ outcome: 'deadlineExceeded', failure: 'm', late: true, shared: false },
    },
  ]);
});

test('dates a power reading by its age', () => {
  const history = new BmcHistory();
  expect(history.describe().power).toBeNull();
  const nowMs = Date.parse(AT);
  history.addPowerReading(
    { type: 'powerState', requestId: 1, power: 'on', domainState: 'paused', source: 'watch', ageMs: 1_500 },
    nowMs,
  );
  expect(history.describe().power).toEqual({
    at: '2025-12-31T23:59:58.500Z',
    powerState: 'on',
    domainState: 'paused',
    source: 'watch',
    failure: null,
  });
  history.addPowerReading({ type: 'powerState', requestId: 2, failure: 'no virsh' }, nowMs);
  expect(history.describe().power).toMatchObject({ at: AT, powerState: 'unknown', failure: 'no virsh' });
});

test.each([Number.MAX_VALUE, -1, 'yesterday', null])('accepts an age of %p', (ageMs) => {
  const history = new BmcHistory();
  const answer = { type: 'powerState', requestId: 1, power: 'on', domainState: 'running' } as const;
  history.addPowerReading({ ...answer, ageMs: ageMs as number }, Date.parse(AT));
  expect(history.describe().power?.powerState).toBe('on');
});
