/** Starts vbmcd again as a process of its own session, and waits until its BMCs answer or it has failed. */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, fstatSync, readSync } from 'node:fs';
import { openLogFile } from '../log/log-file.ts';
import { withoutService } from '../systemd/started-by-systemd.ts';
import { wholePaths } from '../virtualbmc/find-directory.ts';
import { readOutcome, type StartOutcome } from './launcher.ts';

/** So much of the log is quoted when vbmcd has ended without a word to its launcher, in bytes. */
const QUOTED_BYTES = 2_000;

export interface BackgroundStart {
  /** The options of vbmcd; its working directory is `/`, so paths are absolute. */
  readonly args: readonly string[];
  /** Standard error of the new process, for what is not of the log: Node's own last words. */
  readonly logFile: string;
}

export type BackgroundResult = { readonly pid: number } & (
  | StartOutcome
  /** `log`: the end of what it has written. */
  | { readonly kind: 'ended'; readonly how: string; readonly log: string }
);

/** What the launcher uses of a `ChildProcess`. */
export type LaunchedChild = Pick<
  ChildProcess,
  'pid' | 'connected' | 'kill' | 'on' | 'once' | 'disconnect' | 'unref'
>;

/** Throws Node's error when the log or the process cannot be had. A signal to this process ends the new one too. */
export async function startInBackground({ args, logFile }: BackgroundStart): Promise<BackgroundResult> {
  const log = openLogFile(logFile);
  const begin = fstatSync(log).size;
  try {
    const child = spawn(process.execPath, [...process.execArgv, process.argv[1] ?? '', ...args], {
      cwd: '/',
      env: { ...withoutService(process.env), ...wholePaths(process.env) },
      // A session of its own: it has no terminal, so neither Ctrl-C nor SIGHUP of a terminal reaches it.
      detached: true,
      stdio: ['ignore', 'ignore', log, 'ipc'],
    });
    return await outcomeOf(child, () => endOf(log, begin));
  } finally {
    closeSync(log);
  }
}

/** Resolves when `child` is up or has ended. */
export function outcomeOf(child: LaunchedChild, quoteLog: () => string): Promise<BackgroundResult> {
  const pid = child.pid ?? 0;
  const stop = (): void => {
    child.kill('SIGTERM');
  };
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const signal of signals) process.on(signal, stop);
  return new Promise<BackgroundResult>((resolve, reject) => {
    let refusal: StartOutcome | undefined;
    child.on('error', reject);
    child.on('message', (message) => {
      const outcome = readOutcome(message);
      if (outcome?.kind === 'up') resolve({ pid, ...outcome });
      // Its end comes next; until then it holds its locks.
      else refusal = outcome;
    });
    child.on('exit', (code, signal) => {
      const how = signal === null ? `with exit code ${code ?? 0}` : `by ${signal}`;
      const conclude = (): void => {
        resolve(refusal === undefined ? { pid, kind: 'ended', how, log: quoteLog() } : { pid, ...refusal });
      };
      // Node may report the end before it has read what the child has sent last.
      if (child.connected) child.once('disconnect', conclude);
      else conclude();
    });
  }).finally(() => {
    for (const signal of signals) process.off(signal, stop);
    if (child.connected) child.disconnect();
    child.unref();
  });
}

/** The end of what the log has from `begin` on. */
function endOf(log: number, begin: number): string {
  const { size } = fstatSync(log);
  const from = Math.max(begin, size - QUOTED_BYTES);
  const bytes = Buffer.alloc(Math.max(0, size - from));
  readSync(log, bytes, 0, bytes.length, from);
  return bytes.toString('utf8').trim();
}
