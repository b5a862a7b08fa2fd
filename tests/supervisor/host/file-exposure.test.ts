import { describeExposure } from '#supervisor/host/file-exposure.ts';
import { problemText } from '#supervisor/text/problem.ts';

const rootVbmc = { uid: 0, gid: 995 };
const own = { uid: 1000, gid: 1000 };

test.each([
  ['its owner alone', { ...own, mode: 0o100600 }, undefined],
  ['a group of the owner', { ...own, mode: 0o100640 }, '(mode 0640): chmod 600 /f'],
  ['the group that root gave it to', { ...rootVbmc, mode: 0o100640 }, undefined],
  ['that group, to write', { ...rootVbmc, mode: 0o100660 }, '(mode 0660): chmod 640 /f'],
  ['everybody', { ...rootVbmc, mode: 0o100644 }, '(mode 0644): chmod 640 /f'],
  ["root's own group", { uid: 0, gid: 0, mode: 0o100640 }, '(mode 0640): chmod 600 /f'],
])('%s', (_who, file, complaint) => {
  const expected = complaint && `it is secret and other users may read or write it ${complaint}`;
  const problem = describeExposure('it is secret', '/f', file);
  expect(problem && problemText(problem)).toBe(expected);
});
