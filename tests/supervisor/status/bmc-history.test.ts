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
