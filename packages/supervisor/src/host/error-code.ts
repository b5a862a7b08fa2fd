/** Node names no file in an error of a write or a sync; the error that is returned names it. */
export function namingFile(error: unknown, path: string): unknown {
  if (error instanceof Error && errorCode(error) !== undefined && !('path' in error)) {
    error.message += ` '${path}'`;
  }
  return error;
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
