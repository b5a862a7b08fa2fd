/** Which other users may read or write a file that holds a secret. Pure. */
import type { Problem } from '../text/problem.ts';

/** As stat(2) reports them. */
export interface FileOwnership {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** A file that root lets another group read (`root:vbmc`, 0640) is meant to be so. */
function widestMode({ uid, gid }: FileOwnership): number {
  return uid === 0 && gid !== 0 ? 0o640 : 0o600;
}

/** What is wrong with the permissions of `path`; `undefined` when no other user may read or write it. */
export function describeExposure(what: string, path: string, file: FileOwnership): Problem | undefined {
  const widest = widestMode(file);
  if ((file.mode & 0o077 & ~widest) === 0) return undefined;
  const permissions = (file.mode & 0o777).toString(8).padStart(4, '0');
  const remedy = `chmod ${widest.toString(8)} ${path}`;
  return { message: `${what} and other users may read or write it (mode ${permissions})`, remedy };
}
