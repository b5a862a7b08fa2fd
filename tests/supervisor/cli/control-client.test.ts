import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { explainConnectionFailure, fetchListings } from '#supervisor/cli/control-client.ts';
import { systemPaths } from '#supervisor/cli/paths.ts';
import { temporaryDirectory } from '#support/temporary-directory.ts';

test('without a socket the error names its path and the remedy', async () => {
  const directory = temporaryDirectory();
  await expect(fetchListings(directory)).rejects.toMatchObject({
    exitCode: 3,
    message: `vbmcd is not running: no process listens on ${directory}/vbmc.sock`,
    remedy: expect.stringMatching(/^start it \(.*\), or name its run directory with --run-dir/) as string,
  });
});

test.each([
  ['system', 'systemctl start vbmc'],
  ['user', 'vbmcd, or systemctl --user start vbmc'],
] as const)('where the paths are those of the %s, the remedy is %s', (mode, start) => {
  const error = Object.assign(new Error(), { code: 'ENOENT' });
  const { remedy = '' } = explainConnectionFailure(error, '/x/vbmc.sock', 1, { ...systemPaths, mode });
  expect(remedy.startsWith(`start it (${start}), or name its run directory with --run-dir`)).toBe(true);
});

test('a socket without a listener is the same error', async () => {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, 'vbmc.sock'), '');
  await expect(fetchListings(directory)).rejects.toMatchObject({ exitCode: 3 });
});
