import { readdirSync, statSync, type Dirent } from 'node:fs';
import { join } from 'node:path';

/** The paths of the files under `root`, relative to it and sorted. */
export function filesUnder(root: string): string[] {
  return pathsUnder(root, (entry) => entry.isFile());
}

/** The same of the symbolic links. */
export function linksUnder(root: string): string[] {
  return pathsUnder(root, (entry) => entry.isSymbolicLink());
}

function pathsUnder(root: string, isWanted: (entry: Dirent) => boolean): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter(isWanted)
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort();
}

/** In bytes. */
export function sizeUnder(root: string): number {
  return filesUnder(root).reduce((sum, path) => sum + statSync(join(root, path)).size, 0);
}
