/** Who else may read or write a file that holds a secret. Pure. */

/** As stat(2) tells them. */
export interface FileOwnership {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** What root gives another group to read (`root:vbmc`, 0640) is meant so. */
function widestMode({ uid, gid }: FileOwnership): number {
  return uid === 0 && gid !== 0 ? 0o640 : 0o600;
}

/** Complains about `path`; `undefined` when nobody else may read or write it. */
export function describeExposure(what: string, path: string, file: FileOwnership): string | undefined {
  const widest = widestMode(file);
  if ((file.mode & 0o077 & ~widest) === 0) return undefined;
  const permissions = (file.mode & 0o777).toString(8).padStart(4, '0');
  const remedy = `chmod ${widest.toString(8)} ${path}`;
  return `${what} and other users may read or write it (mode ${permissions}): ${remedy}`;
}
