/** The one place that starts `virsh`, and the one importer of execa. */
import type { DomainFailure, DomainFailureKind } from '../core/terms/domain-action.ts';
import { monotonicMs } from '../shell/monotonic-clock.ts';
import { parentDeathPrefix } from './parent-death.ts';
import { classifyVirshError, domainFailure, quoteVirshError } from './virsh-error.ts';

export type VirshResult =
  | { readonly ok: true; readonly stdout: string }
  /** `stderr` is for parsing only: it may quote a line of the domain's definition. Never log it. */
  | { readonly ok: false; readonly failure: DomainFailure; readonly stderr: string };

export interface VirshCallOptions {
  /** An open file descriptor that virsh gets as its number 3, `inheritedFile` by name. stdin stays closed. */
  readonly inheritFd?: number;
  /** Kills virsh when aborted; the call then fails with `deadlineExceeded`. */
  readonly signal?: AbortSignal;
}

export const INHERITED_FILE = '/dev/fd/3';

/** Runs `virsh -q -c URI VERB ARGS…`. Resolves always, within the deadline and a second. */
export type Virsh = (
  verb: string,
  args?: readonly string[],
  options?: VirshCallOptions,
) => Promise<VirshResult>;

/** One call of virsh that has ended: for whoever watches, none of its arguments and nothing that it printed. */
export interface VirshCall {
  readonly verb: string;
  readonly durationMs: number;
  readonly outcome: 'ok' | DomainFailureKind;
}

export interface VirshOptions {
  readonly connectionUri: string;
  /** For `LIBVIRT_AUTH_FILE`: the path of a file with SASL credentials. */
  readonly libvirtAuthFile?: string;
  /** Path or name of the program. */
  readonly program?: string;
  /**
   * For one call, in milliseconds. libvirt itself takes up to 15 s for `destroy` of a QEMU that does not
   * end (virProcessKillPainfully), hence the default of 20 s.
   */
  readonly deadlineMs?: number;
  /** Told of each call when it has ended. */
  readonly observe?: (call: VirshCall) => void;
}

const DEFAULT_DEADLINE_MS = 20_000;
/** From SIGTERM to SIGKILL, and again from SIGKILL to giving up on pipes that somebody holds open. */
const GRACE_MS = 500;
/** A domain's definition is some 10 kB; nothing that virsh prints for us comes near this. In characters. */
const OUTPUT_LIMIT = 1_048_576;

/** Process groups under way, so that an orderly exit of the worker takes them along without setpriv too. */
const running = new Set<number>();
let killsAtExit = false;

function killGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // ESRCH: the group has ended by itself in the meantime, which is what was wanted.
  }
}

function killRunningAtExit(): void {
  if (killsAtExit) return;
  killsAtExit = true;
  process.once('exit', () => {
    for (const pid of running) killGroup(pid, 'SIGKILL');
  });
}

/** What of execa's result tells success from failure. */
interface Ending {
  readonly stdout?: string | undefined;
  readonly stderr?: string | undefined;
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
  readonly isMaxBuffer?: boolean;
  readonly code?: string | undefined;
}

function judge(verb: string, program: string, ending: Ending): VirshResult {
  const stderr = ending.stderr ?? '';
  const failed = (failure: DomainFailure): VirshResult => ({ ok: false, failure, stderr });
  if (ending.isMaxBuffer === true) {
    const what = `virsh ${verb} printed more than ${OUTPUT_LIMIT} characters and was killed`;
    return failed(domainFailure('virshFailed', what));
  }
  // 127: setpriv found no such program (setpriv(1), EXIT STATUS).
  if (ending.code === 'ENOENT' || (ending.exitCode === 127 && stderr.startsWith('setpriv:'))) {
    return failed(domainFailure('virshMissing', `there is no program ${program}`));
  }
  if (ending.signal !== undefined) {
    return failed(domainFailure('virshFailed', `virsh ${verb} died by ${ending.signal}`));
  }
  if (ending.exitCode === 0) return { ok: true, stdout: ending.stdout ?? '' };
  const quoted = quoteVirshError(stderr);
  const cause = ending.exitCode === undefined ? (ending.code ?? 'not started') : `exit ${ending.exitCode}`;
  const what = `virsh ${verb}: ${quoted === '' ? `${cause} without an explanation` : quoted}`;
  return failed(domainFailure(classifyVirshError(stderr), what));
}

/**
 * Makes the function that runs virsh for one connection. What the world does wrong comes back as a
 * value with its kind; nothing is thrown. virsh leads a process group of its own, so that a deadline ends
 * its ssh child (qemu+ssh) too, and has no terminal to ask for a password on.
 */
export function createVirsh(options: VirshOptions): Virsh {
  const { connectionUri, libvirtAuthFile, program = 'virsh', deadlineMs = DEFAULT_DEADLINE_MS } = options;

  const run: Virsh = async (verb, args = [], { inheritFd, signal } = {}) => {
    // Loaded when first needed: execa costs a worker 2 MB that only answers status from memory.
    const [{ execa }, prefix] = await Promise.all([import('execa'), parentDeathPrefix()]);
    const [file = program, ...argv] = [...prefix, program, '-q', '-c', connectionUri, verb, ...args];
    const gaveUp = (why: string): VirshResult => ({
      ok: false,
      failure: domainFailure('deadlineExceeded', `virsh ${verb} ${why} and was killed`),
      stderr: '',
    });
    if (signal?.aborted === true) return gaveUp('was called off');

    const subprocess = execa(file, argv, {
      // LC_ALL=C: the messages that virsh-error.ts knows are the untranslated ones.
      env: { LC_ALL: 'C', ...(libvirtAuthFile !== undefined && { LIBVIRT_AUTH_FILE: libvirtAuthFile }) },
      // execa takes any descriptor; its types list the usual ones.
      stdio: ['ignore', 'pipe', 'pipe', ...(inheritFd === undefined ? [] : [inheritFd as 3])],
      detached: true,
      cleanup: false,
      reject: false,
      stripFinalNewline: false,
      maxBuffer: OUTPUT_LIMIT,
      forceKillAfterDelay: GRACE_MS,
    });
    const { pid } = subprocess;
    if (pid === undefined) return judge(verb, program, await subprocess);
    running.add(pid);
    killRunningAtExit();

    const timers: NodeJS.Timeout[] = [];
    let overrun: string | undefined;
    let abandon = (): void => undefined;
    try {
      const abandoned = new Promise<VirshResult>((resolve) => {
        const end = (why: string): void => {
          if (overrun !== undefined) return;
          overrun = why;
          killGroup(pid, 'SIGTERM');
          timers.push(setTimeout(killGroup, GRACE_MS, pid, 'SIGKILL'));
          // Only when somebody outside the group holds virsh's pipes open: usually `ended` is there first.
          timers.push(setTimeout(resolve, 2 * GRACE_MS, gaveUp(why)));
        };
        abandon = () => {
          end('was called off');
        };
        timers.push(setTimeout(end, deadlineMs, `ran past its deadline of ${deadlineMs} ms`));
      });
      signal?.addEventListener('abort', abandon, { once: true });
      const ended = subprocess.then((ending): VirshResult => {
        // What a killed virsh leaves in its group (ssh, say) goes with it.
        if (overrun !== undefined || ending.signal !== undefined) killGroup(pid, 'SIGKILL');
        return overrun === undefined ? judge(verb, program, ending) : gaveUp(overrun);
      });
      return await Promise.race([ended, abandoned]);
    } finally {
      for (const timer of timers) clearTimeout(timer);
      signal?.removeEventListener('abort', abandon);
      running.delete(pid);
    }
  };

  return async (verb, args, callOptions) => {
    const startedAt = monotonicMs();
    const result = await run(verb, args, callOptions);
    const outcome = result.ok ? 'ok' : result.failure.kind;
    options.observe?.({ verb, durationMs: monotonicMs() - startedAt, outcome });
    return result;
  };
}
