/** Runs one `virsh` to its end. */
import { OUTPUT_LIMIT_MIB, prepareVirsh, type VirshCommand, type VirshEnding } from './virsh-process.ts';

/** How a virsh that was not killed has ended. */
export type EndedRun =
  | { readonly how: 'succeeded'; readonly stdout: string; readonly stderr: string }
  /** `stderr` is for parsing only: it may quote a line of the domain's definition. Never log it. */
  | { readonly how: 'failed'; readonly exitCode: number; readonly stderr: string }
  | { readonly how: 'died'; readonly signal: string }
  /** There is no such program. */
  | { readonly how: 'missing' }
  /** `code` is Node's name of the error: `ENOMEM`, `EMFILE`. */
  | { readonly how: 'notStarted'; readonly code: string }
  | { readonly how: 'printedTooMuch'; readonly limitMib: number };

/** `overran`: it ran past its deadline and was killed. */
export type VirshRun = EndedRun | { readonly how: 'overran' };

export interface StartedVirsh {
  /** Never rejects. It may take as long as libvirt takes to answer. */
  readonly ended: Promise<EndedRun>;
  /** libvirtd carries the call out all the same, and keeps one of its workers with it until then. */
  kill(): void;
}

/** Starts a virsh. */
export async function startVirsh(command: VirshCommand, inheritFd?: number): Promise<StartedVirsh> {
  const start = await prepareVirsh();
  const virsh = start(command, { buffer: true, inheritFd });
  return {
    ended: virsh.ended.then(readEnding),
    kill: () => {
      virsh.kill();
    },
  };
}

/**
 * For the command line, whose virsh ends with it in any case: kills virsh at the deadline, in milliseconds. Resolves always,
 * within the deadline and a second.
 */
export async function runVirsh(
  command: VirshCommand,
  { deadlineMs }: { readonly deadlineMs: number },
): Promise<VirshRun> {
  const virsh = await startVirsh(command);
  const deadline = new AbortController();
  const timer = setTimeout(() => {
    deadline.abort();
    virsh.kill();
  }, deadlineMs);
  const run = await virsh.ended;
  clearTimeout(timer);
  return deadline.signal.aborted ? { how: 'overran' } : run;
}

function readEnding({ stdout = '', stderr = '', exitCode, signal, ...ending }: VirshEnding): EndedRun {
  if (ending.isMaxBuffer === true) return { how: 'printedTooMuch', limitMib: OUTPUT_LIMIT_MIB };
  // 127: setpriv found no such program (setpriv(1), EXIT STATUS).
  const setprivFoundNone = exitCode === 127 && stderr.startsWith('setpriv:');
  if (ending.code === 'ENOENT' || setprivFoundNone) return { how: 'missing' };
  if (signal !== undefined) return { how: 'died', signal };
  if (exitCode === undefined) return { how: 'notStarted', code: ending.code ?? 'unknown error' };
  return exitCode === 0 ? { how: 'succeeded', stdout, stderr } : { how: 'failed', exitCode, stderr };
}
