/** The licences of the libraries in our bundles. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inCheckout } from './checkout.ts';

/** esbuild writes a comment with the file's path before each file that it bundles. */
const originOfNotice = /^\/\/ (?:\.\.\/)*((?:[^\s]*\/)?node_modules\/(?:@[^/\s]+\/)?[^/\s]+)\//gm;

/** Each library once, sorted by name, with the text of its licence. */
export function thirdPartyNotices(bundleTexts: readonly string[]): string {
  const origins = bundleTexts.flatMap((text) =>
    [...text.matchAll(originOfNotice)].map(([, path = '']) => path),
  );
  const notices = new Map<string, string>();
  for (const origin of new Set(origins)) {
    const directory = ['', 'packages/', 'packages/bmc-worker/', 'packages/supervisor/']
      .map((base) => inCheckout(join(base, origin)))
      .find(existsSync);
    if (directory === undefined) throw new Error(`${origin} is bundled but does not exist`);
    const manifest = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as Manifest;
    notices.set(`${manifest.name} ${manifest.version}`, licenseText(directory, manifest));
  }
  return [...notices]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, text]) => `${name}\n${'-'.repeat(name.length)}\n\n${text.trim()}\n`)
    .join('\n\n');
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
}

function licenseText(directory: string, { name, license }: Manifest): string {
  const file = readdirSync(directory).find((entry) => /^licen[cs]e/i.test(entry));
  if (file !== undefined) return readFileSync(join(directory, file), 'utf8');
  if (license === undefined) throw new Error(`${name} names no licence`);
  return `License: ${license}`;
}
