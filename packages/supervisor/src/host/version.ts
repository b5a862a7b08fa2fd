import { existsSync, readFileSync } from 'node:fs';

/**
 * The version in this package's manifest, read at run time: `npm run package -- --version X` packs the same bundles
 * with another manifest. The manifest is one level above the bundles in `dist/`, and two above this file.
 */
export const VERSION: string = readVersion();

function readVersion(): string {
  const candidates = ['../package.json', '../../package.json'].map((path) => new URL(path, import.meta.url));
  const manifest = candidates.find((url) => existsSync(url));
  if (manifest === undefined) throw new Error(`no package.json above ${import.meta.url}`);
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version: string }).version;
}
