/** Whose files of VirtualBMC may decide which BMCs run: a file names domains, users, and a connection URI. Pure. */
import type { FileOwnership } from '../host/file-exposure.ts';
import type { Problem } from '../text/problem.ts';

const ROOT = 0;
const OTHERS_MAY_WRITE = 0o002;

export interface Owners {
  /** The user who asks. */
  readonly own: number;
  /** The owner of the directory that the operator has named. */
  readonly directory: number;
}

/** Why a file or directory must not count; `undefined` when it may. */
export function ownerProblem(
  path: string,
  { mode, uid }: FileOwnership,
  owners: Owners,
): Problem | undefined {
  if ((mode & OTHERS_MAY_WRITE) !== 0) {
    return { message: `every user may change ${path}`, remedy: `chmod o-w ${path}` };
  }
  if (isOwnOrRoots(uid, owners) || uid === owners.directory) return undefined;
  const message = `${path} belongs to user ${uid}, who does not own the directory above it`;
  return { message, remedy: 'give it to the owner of that directory (chown), or remove it' };
}

/** Whether the file comes from root or from the user who asks, who write the inventory too. */
export function isOwnOrRoots(uid: number, { own }: Owners): boolean {
  return uid === ROOT || uid === own;
}
