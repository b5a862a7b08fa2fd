import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fetchListings } from '#supervisor/cli/control-client.ts';
import { temporaryDirectory } from '#support/supervisor/temporary-directory.ts';

test('no socket: names it, and what to do', async () => {
  const directory = temporaryDirectory();
  await expect(fetchListings(directory)).rejects.toMatchObject({
    exitCode: 3,
    message: `vbmcd is not running: nobody listens on ${directory}/vbmc.sock. Start it (systemctl start vbmc), or name its run directory with --run-dir`,
  });
});

test('a socket that nobody listens on is the same', async () => {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, 'vbmc.sock'), '');
  await expect(fetchListings(directory)).rejects.toMatchObject({ exitCode: 3 });
});
