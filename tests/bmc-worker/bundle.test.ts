/** Hundreds of workers each keep in memory what they load at the start, so rarely needed code has to stay out. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const BUILDER = fileURLToPath(new URL('../../packages/bmc-worker/build.mjs', import.meta.url));

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'vbmc-bundle-'));
  const { status, stderr } = spawnSync(process.execPath, [BUILDER, directory], { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});
afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

function textOf(name: string): string {
  return readFileSync(join(directory, name), 'utf8');
}

/** esbuild names each file that it bundles. */
function librariesIn(text: string): string[] {
  return [
    ...new Set(
      [...text.matchAll(/^\/\/ .*node_modules\/((?:@[^/]+\/)?[^/]+)\//gm)].map(([, name = '']) => name),
    ),
  ];
}

test('the entry contains no library, and no rarely needed code', () => {
  expect(librariesIn(textOf('main.cjs'))).toEqual([]);
  const { version } = JSON.parse(readFileSync(join(dirname(BUILDER), 'package.json'), 'utf8')) as {
    version: string;
  };
  // Those of another version, which an upgrade puts there, have other names.
  const names = readdirSync(directory).map((name) => name.replace(`-${version}.cjs`, ' of this version'));
  expect(names.sort()).toEqual([
    'boot-edit of this version',
    'domain-xml of this version',
    'execa of this version',
    'main.cjs',
    'read-inventory of this version',
    'record-commands of this version',
    'restart-obstacle of this version',
    'run-virsh of this version',
    'running-boot-order of this version',
    'setting-commands of this version',
    'state-among-all of this version',
    'unlinked-file of this version',
  ]);
});

test('no library is in two bundles, so that no worker loads it twice', () => {
  const libraries = readdirSync(directory).flatMap((name) => librariesIn(textOf(name)));
  expect(libraries.sort()).toEqual([...new Set(libraries)].sort());
});

test('no bundle contains zod or winston', () => {
  const libraries = readdirSync(directory).flatMap((name) => librariesIn(textOf(name)));
  expect(libraries).toEqual(expect.arrayContaining(['execa', '@xmldom/xmldom']));
  expect(libraries.filter((name) => /^(zod|winston)/.test(name))).toEqual([]);
});

test('the loader of ES modules is not needed', () => {
  for (const name of readdirSync(directory)) expect(textOf(name)).not.toMatch(/\bimport\(/);
});

test('V8 can keep each bundle with one byte per character', () => {
  for (const name of readdirSync(directory)) expect(textOf(name)).not.toMatch(/[\u0100-\uffff]/);
});
