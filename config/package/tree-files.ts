import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The paths of the files under `root`, relative to it and sorted. */
export function filesUnder(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort();
}

/** In bytes. */
export function sizeUnder(root: string): number {
  return filesUnder(root).reduce((sum, path) => sum + statSync(join(root, path)).size, 0);
}
