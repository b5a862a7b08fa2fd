/**
 * Bundles the worker into `dist/main.cjs`. CommonJS, because Node's loader of ES modules costs each worker 0.7 MB of
 * private memory. Each dynamic import becomes a file of its own next to it, which a worker reads when it first needs it.
 */
import { readFileSync, rmSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { build, transform } from 'esbuild';

const ABS_WORKING_DIR = import.meta.dirname;
/** Tests write to another folder. */
const OUTDIR = resolve(ABS_WORKING_DIR, process.argv[2] ?? 'dist');
/**
 * In the names of the files that a worker reads later: while a package is unpacked those of another version lie there, which must
 * not become parts of this one.
 */
const { version: VERSION } = JSON.parse(readFileSync(resolve(ABS_WORKING_DIR, 'package.json'), 'utf8'));
/** Bundle name to entry point. Grows during the build: each dynamic import adds one. */
const bundles = new Map([['main', 'src/main.ts']]);

/** Imported statically by one bundle and dynamically by others. It holds the XML library, which must not be loaded twice. */
const SHARED_FILE = 'domain-xml.ts';

/** @type {import('esbuild').Plugin} */
const ownFileForDynamicImports = {
  name: 'own file for dynamic imports',
  setup({ onResolve }) {
    onResolve({ filter: /./ }, ({ kind, path, resolveDir }) => {
      if (kind !== 'dynamic-import' && basename(path) !== SHARED_FILE) return undefined;
      if (kind === 'entry-point') return undefined;
      const name = `${basename(path, '.ts')}-${VERSION}`;
      bundles.set(name, path.startsWith('.') ? resolve(resolveDir, path) : path);
      return { path: `./${name}.cjs`, external: true };
    });
  },
};

/**
 * V8 keeps a program's text in memory, with two bytes per character if a single character, even in a comment, is not Latin-1.
 *
 * @type {import('esbuild').Plugin}
 */
const withoutComments = {
  name: 'without comments',
  setup({ onLoad }) {
    onLoad({ filter: /\.[jt]s$/ }, async ({ path }) => {
      const loader = path.endsWith('.ts') ? 'ts' : 'js';
      const { code } = await transform(readFileSync(path, 'utf8'), { loader, minifyWhitespace: true });
      return { contents: code, loader: 'js' };
    });
  },
};

rmSync(OUTDIR, { recursive: true, force: true });
for (const [name, entryPoint] of bundles) {
  // Names in our own code make stack traces readable. A library's names are minified: each worker keeps them in memory.
  const isLibrary = !/^(src|\.|\/)/.test(entryPoint);
  await build({
    absWorkingDir: ABS_WORKING_DIR,
    entryPoints: { [name]: entryPoint },
    bundle: true,
    outdir: OUTDIR,
    outExtension: { '.js': '.cjs' },
    platform: 'node',
    target: 'node20.17',
    format: 'cjs',
    // `import()` would load Node's loader of ES modules.
    supported: { 'dynamic-import': false },
    minifyIdentifiers: isLibrary,
    minifySyntax: isLibrary,
    plugins: [ownFileForDynamicImports, withoutComments],
    logLevel: 'warning',
  });
}
