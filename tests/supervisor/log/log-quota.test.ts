import { Quota } from '#supervisor/log/log-quota.ts';

test('grants a number of lines per period, counts the others, and reports their number with the next line', () => {
  const quota = new Quota(2, 1000);
  const turns = [0, 1, 2, 999, 1000, 1001, 1002].map((nowMs) => quota.take(nowMs));
  expect(turns).toEqual([
    { granted: true, missed: 0 },
    { granted: true, missed: 0 },
    { granted: false },
    { granted: false },
    { granted: true, missed: 2 },
    { granted: true, missed: 0 },
    { granted: false },
  ]);
});
