/** Runs the blocks marked `run: unit`, each page's in a directory of its own. They need no vbmcd and no libvirt. */
import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '#lab/run-command.ts';
import { isRunBy } from '#support/docs/block-marks.ts';
import { CHECKOUT, readPages } from '#support/docs/pages.ts';
import { runBlocks } from '#support/docs/run-blocks.ts';
import { temporaryDirectory } from '#support/temporary-directory.ts';

const pages = readPages()
  .map(({ path, blocks }) => ({ path, blocks: blocks.filter(isRunBy('unit')) }))
  .filter(({ blocks }) => blocks.length > 0);

/** A directory with `vbmc` and `vbmcd`, which run bundles next to a manifest, as in dist/. */
async function installPrograms(directory: string): Promise<string> {
  const programs = join(directory, 'bin');
  const bundles = join(directory, 'app/dist');
  mkdirSync(programs);
  const sources = ['vbmc', 'vbmcd'].map((name) => join(CHECKOUT, `packages/supervisor/src/${name}.ts`));
  const banner = "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);";
  const format = ['--bundle', '--splitting', '--platform=node', '--format=esm', '--out-extension:.js=.mjs'];
  const { exitCode, stderr } = await runCommand(
    join(CHECKOUT, 'node_modules/.bin/esbuild'),
    [...sources, ...format, `--outdir=${bundles}`, `--banner:js=${banner}`, '--log-level=warning'],
    { cwd: CHECKOUT },
  );
  if (exitCode !== 0) throw new Error(stderr);
  copyFileSync(join(CHECKOUT, 'packages/supervisor/package.json'), join(directory, 'app/package.json'));
  for (const name of ['vbmc', 'vbmcd']) {
    const script = `#!/bin/sh\nexec '${process.execPath}' '${bundles}/${name}.mjs' "$@"\n`;
    writeFileSync(join(programs, name), script);
    chmodSync(join(programs, name), 0o755);
  }
  return programs;
}

test.each(pages)(
  '$path',
  async ({ blocks }) => {
    const home = temporaryDirectory();
    const programs = await installPrograms(home);
    const env = {
      HOME: home,
      PATH: `${programs}:${process.env['PATH'] ?? ''}`,
      LC_ALL: 'C.UTF-8',
    };
    const { problems } = await runBlocks(blocks, (script) =>
      runCommand('sh', ['-c', `umask 077\n${script}`], { cwd: home, env }),
    );
    expect(problems).toEqual([]);
  },
  60_000,
);
