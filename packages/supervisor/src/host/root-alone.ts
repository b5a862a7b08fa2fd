/** Whether a path leads, for everybody and at any time, to something that nobody but root has put there. */
import { lstat, readlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

const ROOT = 0;
const OTHERS_MAY_WRITE = 0o022;
/** Of a directory: nobody but its owner and an entry's removes or renames the entry. */
const STICKY = 0o1000;
/** The kernel follows 40. */
const MOST_LINKS = 40;

/** False when a link, a directory or the file itself belongs to another user, who may replace it, or when it cannot be looked at. */
export async function isRootAlones(path: string): Promise<boolean> {
  try {
    return await isAlones(resolve(path), MOST_LINKS);
  } catch {
    return false;
  }
}

async function isAlones(path: string, linksLeft: number): Promise<boolean> {
  const names = path.split('/').filter((name) => name !== '');
  let current = '/';
  for (const [index, name] of ['', ...names].entries()) {
    current = join(current, name);
    const status = await lstat(current);
    if (status.uid !== ROOT) return false;
    if (status.isSymbolicLink()) {
      const rest = names.slice(index);
      const target = resolve(dirname(current), await readlink(current));
      return linksLeft > 0 && isAlones(join(target, ...rest), linksLeft - 1);
    }
    // Who writes to a socket talks to it, and does not replace it.
    if (status.isSocket() || (status.mode & OTHERS_MAY_WRITE) === 0) continue;
    if (!status.isDirectory() || (status.mode & STICKY) === 0) return false;
  }
  return true;
}
