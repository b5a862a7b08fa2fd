import { build } from 'esbuild';
import { join } from 'node:path';

/** hostile-worker.ts as a program that needs nothing of the checkout. */
export async function bundleHostileWorker(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, 'hostile-worker.ts')],
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node20.17',
    format: 'cjs',
    logLevel: 'warning',
  });
  const [bundle] = outputFiles;
  if (bundle === undefined) throw new Error('the hostile worker was not bundled');
  return bundle.text;
}
