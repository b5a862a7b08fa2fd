/** The one place where programs are started: what keeps one from starting is a value, however Node reports it. */
import type { ChildProcess } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';

/** `code` is Node's name of the error (`ENOMEM`, `EMFILE`) that kept the program from starting. */
export interface NotStarted {
  readonly code: Promise<string>;
}

export type SpawnAttempt<T> = { readonly started: T } | NotStarted;

/** The channel on which Node publishes each process object before it starts the process. */
const PROCESS_CHANNEL = 'child_process';

/**
 * Calls `start`, which starts one program by `node:child_process` or a library on top of it. Node throws some errors
 * (ENOMEM) and reports others (EAGAIN) by an event of the process. After EMFILE and ENFILE the process has no streams
 * either: a library that expects them throws, and nobody is left who handles the event. A program that has started may
 * still report one of the other errors by its event.
 */
export function tryToSpawn<T>(start: () => T): SpawnAttempt<T> {
  let child: ChildProcess | undefined;
  const note = (message: unknown): void => {
    child = (message as { readonly process: ChildProcess }).process;
  };
  subscribe(PROCESS_CHANNEL, note);
  try {
    return { started: start() };
  } catch (error) {
    // Anything else is a bug: no process object, or a process that runs.
    if (child === undefined || child.pid !== undefined) throw error;
    return { code: codeOf(error, child) };
  } finally {
    unsubscribe(PROCESS_CHANNEL, note);
  }
}

function codeOf(thrown: unknown, child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code ?? error.message);
    });
    const { code } = thrown as NodeJS.ErrnoException;
    if (code !== undefined) resolve(code);
  });
}

/** What a lack of memory, processes or descriptors causes. It passes; no other error of a start does. */
const shortages: ReadonlySet<string> = new Set(['EAGAIN', 'EMFILE', 'ENFILE', 'ENOMEM']);

export function isShortage(code: string | undefined): boolean {
  return code !== undefined && shortages.has(code);
}
