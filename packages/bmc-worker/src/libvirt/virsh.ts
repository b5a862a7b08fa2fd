/** What the worker runs of `virsh`: one command on one connection, its failure as a value with a kind. */
import type { DomainFailure, DomainFailureKind } from '../core/terms/domain-action.ts';
import type { VirshRun } from './run-virsh.ts';
import { classifyVirshError, domainFailure, quoteVirshError } from './virsh-error.ts';

export type VirshResult =
  | { readonly ok: true; readonly stdout: string }
  /** `stderr` is for parsing only: it may quote a line of the domain's definition. Never log it. */
  | { readonly ok: false; readonly failure: DomainFailure; readonly stderr: string };

export interface VirshCallOptions {
  /** An open file descriptor that virsh gets as its number 3, `inheritedFile` by name. stdin stays closed. */
  readonly inheritFd?: number;
  /** Several commands in virsh's own syntax, in place of `verb ARGS…`. `verb` then only names the call. */
  readonly script?: string;
  /** Kills virsh when aborted; the call then fails with `calledOff`. */
  readonly signal?: AbortSignal;
}

export const INHERITED_FILE = '/dev/fd/3';

/** Runs `virsh -q -c URI VERB ARGS…`. Resolves always, within the deadline and a second. */
export type Virsh = (
  verb: string,
  args?: readonly string[],
  options?: VirshCallOptions,
) => Promise<VirshResult>;

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
}

const DEFAULT_DEADLINE_MS = 20_000;

/** Makes the function that runs virsh on one connection. What goes wrong comes back as a value; nothing is thrown. */
export function createVirsh(options: VirshOptions): Virsh {
  const { connectionUri, libvirtAuthFile, program = 'virsh', deadlineMs = DEFAULT_DEADLINE_MS } = options;
  return async (verb, args = [], { inheritFd, script, signal } = {}) => {
    // Loaded when first needed: a worker that answers from memory does without the runner and `node:child_process`.
    const { runVirsh } = await import('./run-virsh.ts');
    const argv = ['-q', '-c', connectionUri, ...(script === undefined ? [verb, ...args] : [script])];
    const run = await runVirsh({ argv, libvirtAuthFile, program }, { deadlineMs, inheritFd, signal });
    if (run.how === 'succeeded') return { ok: true, stdout: run.stdout };
    const failure = failureOf(run, { name: `virsh ${verb}`, program, deadlineMs });
    return { ok: false, failure, stderr: run.how === 'failed' ? run.stderr : '' };
  };
}

type FailedRun = Exclude<VirshRun, { how: 'succeeded' }>;

function failureOf(
  run: FailedRun,
  call: { readonly name: string; readonly program: string; readonly deadlineMs: number },
): DomainFailure {
  const { name, program, deadlineMs } = call;
  switch (run.how) {
    case 'failed': {
      const quoted = quoteVirshError(run.stderr);
      const what = quoted === '' ? `exit ${run.exitCode} without an explanation` : quoted;
      return domainFailure(classifyVirshError(run.stderr), `${name}: ${what}`);
    }
    case 'died':
      return domainFailure('virshFailed', `${name} died by ${run.signal}`);
    case 'missing':
      return domainFailure('virshMissing', `there is no program ${program}`);
    case 'notStarted':
      return domainFailure('virshFailed', `${name} could not be started: ${run.code}`);
    case 'printedTooMuch':
      return domainFailure('virshFailed', `${name} printed more than ${run.limitMib} MiB and was killed`);
    case 'overran':
      return domainFailure(
        'deadlineExceeded',
        `${name} ran past its deadline of ${deadlineMs} ms and was killed`,
      );
    case 'calledOff':
      return domainFailure('calledOff', `${name} was called off and was killed`);
  }
}

/** One call of virsh that has ended, for the metrics: none of its arguments and nothing that it printed. */
export interface VirshCall {
  readonly verb: string;
  readonly durationMs: number;
  readonly outcome: 'ok' | DomainFailureKind;
}

export interface VirshObserver {
  /** Milliseconds from any start; never goes back. */
  readonly now: () => number;
  readonly observe: (call: VirshCall) => void;
}

/** The same virsh, with each of its calls reported when it has ended. */
export function observed(virsh: Virsh, { now, observe }: VirshObserver): Virsh {
  return async (verb, args, options) => {
    const startedAt = now();
    const result = await virsh(verb, args, options);
    observe({ verb, durationMs: now() - startedAt, outcome: result.ok ? 'ok' : result.failure.kind });
    return result;
  };
}
