/** Bundles `vbmcd` and `vbmc` into `dist/`; what both need becomes a file that both load. */
import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { build } from 'esbuild';

const ABS_WORKING_DIR = import.meta.dirname;
const OUTDIR = resolve(ABS_WORKING_DIR, 'dist');

rmSync(OUTDIR, { recursive: true, force: true });
await build({
  absWorkingDir: ABS_WORKING_DIR,
  entryPoints: ['src/vbmcd.ts', 'src/vbmc.ts'],
  bundle: true,
  splitting: true,
  outdir: OUTDIR,
  platform: 'node',
  target: 'node20.17',
  format: 'esm',
  // Most libraries are CommonJS and load Node's own modules with `require`, which an ES module does not have.
  banner: {
    js: `import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);`,
  },
  logLevel: 'warning',
});
