/** Runs one `virsh` to its end, within a deadline. */
import { OUTPUT_LIMIT_MIB, prepareVirsh, type VirshCommand, type VirshEnding } from './virsh-process.ts';

export interface RunOptions {
  /** In milliseconds. */
  readonly deadlineMs: number;
  readonly inheritFd?: number | undefined;
  /** Kills virsh when aborted. */
  readonly signal?: AbortSignal | undefined;
}

export type VirshRun =
  | { readonly how: 'succeeded'; readonly stdout: string }
  /** `stderr` is for parsing only: it may quote a line of the domain's definition. Never log it. */
  | { readonly how: 'failed'; readonly exitCode: number; readonly stderr: string }
  | { readonly how: 'died'; readonly signal: string }
  /** There is no such program. */
  | { readonly how: 'missing' }
  /** `code` is Node's name of the error: `ENOMEM`, `EMFILE`. */
  | { readonly how: 'notStarted'; readonly code: string }
  /** It ran past its deadline and was killed. */
  | { readonly how: 'overran' }
  /** The signal was aborted, and virsh killed. */
  | { readonly how: 'calledOff' }
  | { readonly how: 'printedTooMuch'; readonly limitMib: number };

/** Resolves always, within the deadline and a second. */
export async function runVirsh(command: VirshCommand, options: RunOptions): Promise<VirshRun> {
  const { deadlineMs, inheritFd, signal } = options;
  const start = await prepareVirsh();
  if (signal?.aborted === true) return { how: 'calledOff' };
  const virsh = start(command, { buffer: true, inheritFd });
  let stopped: 'overran' | 'calledOff' | undefined;
  const stop = (why: 'overran' | 'calledOff'): void => {
    stopped ??= why;
    virsh.kill();
  };
  const callOff = (): void => {
    stop('calledOff');
  };
  const timer = setTimeout(stop, deadlineMs, 'overran');
  signal?.addEventListener('abort', callOff);
  const ending = await virsh.ended;
  clearTimeout(timer);
  signal?.removeEventListener('abort', callOff);
  return stopped === undefined ? readEnding(ending) : { how: stopped };
}

function readEnding({ stdout = '', stderr = '', exitCode, signal, ...ending }: VirshEnding): VirshRun {
  if (ending.isMaxBuffer === true) return { how: 'printedTooMuch', limitMib: OUTPUT_LIMIT_MIB };
  // 127: setpriv found no such program (setpriv(1), EXIT STATUS).
  const setprivFoundNone = exitCode === 127 && stderr.startsWith('setpriv:');
  if (ending.code === 'ENOENT' || setprivFoundNone) return { how: 'missing' };
  if (signal !== undefined) return { how: 'died', signal };
  if (exitCode === undefined) return { how: 'notStarted', code: ending.code ?? 'unknown error' };
  return exitCode === 0 ? { how: 'succeeded', stdout } : { how: 'failed', exitCode, stderr };
}
