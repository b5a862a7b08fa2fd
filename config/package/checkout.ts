/** Paths in this checkout, and its version. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const CHECKOUT = join(import.meta.dirname, '../..');

export function inCheckout(path: string): string {
  return join(CHECKOUT, path);
}

export function projectVersion(): string {
  const manifest = JSON.parse(readFileSync(inCheckout('package.json'), 'utf8')) as { version: string };
  return manifest.version;
}
