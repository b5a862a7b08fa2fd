import { withoutHanging } from '../host/hanging-files.ts';

const DEADLINE_MS = 5_000;
/** One more than for other files: notes are tried however many mounts of secret files are dead. */
const MOST_HANGING = 3;

/** Resolves as `operation` does. Throws a `Refusal` while the file system of the state directory does not answer. */
export async function inStateDirectory<T>(path: string, operation: () => Promise<T>): Promise<T> {
  return withoutHanging(path, operation, DEADLINE_MS, MOST_HANGING);
}
