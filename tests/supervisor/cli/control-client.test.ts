import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fetchListings } from '#supervisor/cli/control-client.ts';
import { temporaryDirectory } from '#support/temporary-directory.ts';

test('without a socket the error names its path and the remedy', async () => {
  const directory = temporaryDirectory();
  await expect(fetchListings(directory)).rejects.toMatchObject({
    exitCode: 3,
    message: `vbmcd is not running: no process listens on ${directory}/vbmc.sock`,
    remedy: 'start it (systemctl start vbmc), or name its run directory with --run-dir',
  });
});

test('a socket without a listener is the same error', async () => {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, 'vbmc.sock'), '');
  await expect(fetchListings(directory)).rejects.toMatchObject({ exitCode: 3 });
});
