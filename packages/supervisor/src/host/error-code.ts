/** Node names no file in an error of a read, a write or a sync; the error that is returned names it, in place of `instead`. */
export function namingFile(error: unknown, path: string, instead?: string): unknown {
  if (!isSystemError(error)) return error;
  const { path: named } = error;
  if (named === undefined) error.message += ` '${path}'`;
  if (named === undefined || named === instead) error.path = path;
  return error;
}

/** By its fields: an error of Node's own is no `Error` of a module that runs in another context. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException & { readonly dest?: string } {
  return /^E[A-Z0-9]+$/.test(errorCode(error) ?? '');
}

/** What went wrong, for a sentence: without the word `Error`. */
export function errorText(error: unknown): string {
  return String(error).replace(/^Error: /, '');
}

/** Node's name for an error of the operating system (`ENOENT`); `undefined` for any other error. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
