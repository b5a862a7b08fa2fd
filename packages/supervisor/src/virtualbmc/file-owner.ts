/** Whose files of VirtualBMC may decide which BMCs run: a file names domains, users, and a connection URI. Pure. */
import type { FileOwnership } from '../host/file-exposure.ts';
import type { Problem } from '../text/problem.ts';

const ROOT = 0;
const OTHERS_MAY_WRITE = 0o002;
const GROUP_MAY_WRITE = 0o020;

export interface Owners {
  /** The user who asks. */
  readonly own: number;
  /** The owner of the directory that the operator has named. */
  readonly directory: number;
}

/** Why a file or directory must not count; `undefined` when it may. */
export function ownerProblem(path: string, file: FileOwnership, owners: Owners): Problem | undefined {
  const { uid } = file;
  if (othersMayWrite(file)) {
    return { message: `every user may change ${path}`, remedy: `chmod o-w ${path}` };
  }
  if (isTrusted(uid, owners) || uid === owners.directory) return undefined;
  const message = `${path} belongs to user ${uid}, who does not own the directory above it`;
  return { message, remedy: 'give it to the owner of that directory (chown), or remove it' };
}

export function othersMayWrite({ mode }: FileOwnership): boolean {
  return (mode & OTHERS_MAY_WRITE) !== 0;
}

/** Whether only root and the user who asks could have written the file: they write the inventory too. */
export function isOwnOrRoots({ mode, uid }: FileOwnership, owners: Owners): boolean {
  // The bit stands for entries of an access control list too, whatever the group is.
  return isTrusted(uid, owners) && (mode & GROUP_MAY_WRITE) === 0;
}

function isTrusted(uid: number, { own }: Owners): boolean {
  return uid === ROOT || uid === own;
}
