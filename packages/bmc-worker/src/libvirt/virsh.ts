/** What the worker runs of `virsh`: one command on one connection, its failure as a value with a kind. */
import type { DomainFailure } from '../core/terms/domain-action.ts';
import { CallGate, type GatePass } from './call-gate.ts';
import type { KeptWay } from './kept-way.ts';
import { logDomainsEnvironment } from './logged-domains.ts';
import type { EndedRun } from './run-virsh.ts';
import { domainFailure, failedToConnect, virshFailure } from './virsh-error.ts';

export type VirshResult =
  | {
      readonly ok: true;
      readonly stdout: string;
      /** With `logsDomains`: what libvirt has logged. */
      readonly log?: string;
      /** The verb of `besideStart`, if that was run. */
      readonly ran?: string;
    }
  | {
      readonly ok: false;
      readonly failure: DomainFailure;
      /** For parsing only: it may quote a line of the domain's definition. Never log it. */
      readonly stderr: string;
      /** The command has certainly not reached libvirt. */
      readonly notBegun?: true;
      readonly ran?: string;
    };

export interface VirshCallOptions {
  /** An open file descriptor that virsh gets as its number 3, `inheritedFile` by name. stdin stays closed. */
  readonly inheritFd?: number;
  /** Several commands in virsh's own syntax, in place of `verb ARGS…`. `verb` then only names the call. */
  readonly script?: string;
  /** Runs in the place of the call while a `start` of the domain takes long: it asks about all domains; see call-gate.ts. */
  readonly besideStart?: { readonly verb: string; readonly args: readonly string[] };
  /** libvirt logs the domains that it looks up; see logged-domains.ts. */
  readonly logsDomains?: true;
  /**
   * When aborted the call fails at once with `calledOff`, and libvirt still owes the answer if the call has begun. A `start`
   * that has begun is waited for all the same: the power off that calls it off has to know that no process comes into being
   * any more.
   */
  readonly signal?: AbortSignal;
}

export const INHERITED_FILE = '/dev/fd/3';

/**
 * Runs `virsh -q -c URI VERB ARGS…`. Resolves within the deadline, but for `start`: that resolves when libvirt has
 * answered, because what follows a start (the one-shot boot override) must follow a late one, too.
 *
 * A virsh that libvirt does not answer within the deadline is left running; see call-gate.ts. It ends when libvirt answers,
 * when the connection is lost (virsh's keepalive: 30 s), or with this process.
 */
export type Virsh = (
  verb: string,
  args?: readonly string[],
  options?: VirshCallOptions,
) => Promise<VirshResult>;

export interface VirshOptions {
  readonly connectionUri: string;
  /** For `LIBVIRT_AUTH_FILE`: the path of a file with SASL credentials. */
  readonly libvirtAuthFile?: string;
  /** The connection that vbmcd keeps to the same libvirt; absent: there is none. */
  readonly keptWay?: KeptWay;
  /** Path or name of the program. */
  readonly program?: string;
  /**
   * For one call, in milliseconds. libvirt itself takes up to 15 s for `destroy` of a QEMU that does not
   * end (virProcessKillPainfully), hence the default of 20 s.
   */
  readonly deadlineMs?: number;
  /** For the calls about one domain. */
  readonly gate?: CallGate;
  /** How long a call waits for an answer that libvirt owes already, in milliseconds. */
  readonly patienceMs?: number;
  /** Milliseconds from any start; never goes back. */
  readonly now?: () => number;
}

const DEFAULT_DEADLINE_MS = 20_000;
/** Shorter than a remote console's request waits, so that its client learns the cause. */
const DEFAULT_PATIENCE_MS = 3_000;

/** Makes the function that runs virsh about one domain. What goes wrong comes back as a value; nothing is thrown. */
export function createVirsh(options: VirshOptions): Virsh {
  const { connectionUri, keptWay, libvirtAuthFile, program = 'virsh', gate = new CallGate() } = options;
  const { now = () => performance.now() } = options;
  const { deadlineMs = DEFAULT_DEADLINE_MS, patienceMs = DEFAULT_PATIENCE_MS } = options;
  return async (wanted, wantedArgs = [], { inheritFd, script, signal, logsDomains, besideStart } = {}) => {
    const wait = { deadlineMs, patienceMs, now, signal, besideStart: besideStart?.verb };
    let kill = (): void => undefined;
    const passed = await passGate(gate, wanted, wait, () => {
      kill();
    });
    if ('ok' in passed) return passed;
    const { pass, verb } = passed;
    const isBeside = verb !== wanted;
    const args = isBeside && besideStart !== undefined ? besideStart.args : wantedArgs;
    const ran = isBeside && { ran: verb };
    // Loaded when first needed: a worker that answers from memory does without the runner and `node:child_process`.
    const { startVirsh } = await import('./run-virsh.ts');
    const environment = logsDomains && logDomainsEnvironment;
    const run = async (uri: string): Promise<EndedRun> => {
      const argv = ['-q', '-c', uri, ...(script === undefined ? [verb, ...args] : [script])];
      const virsh = await startVirsh({ argv, libvirtAuthFile, program, environment }, inheritFd);
      kill = () => {
        virsh.kill();
      };
      return virsh.ended;
    };
    const keptUri = await keptWay?.uri(signal);
    if (signal?.aborted === true) {
      pass.ended();
      return { ...calledOff(verb), notBegun: true };
    }
    // Nobody waits for the answer any more: the file of `inheritFd` may be closed.
    const given = new AbortController();
    const ended = runByKeptWay(run, { keptUri, keptWay, connectionUri, given: given.signal }).then(
      (run): VirshResult => {
        pass.ended();
        if (verb === 'destroy' && run.how === 'succeeded') pass.destroyed();
        if (run.how === 'succeeded')
          return { ok: true, stdout: run.stdout, ...(logsDomains && { log: run.stderr }), ...ran };
        const failure = failureOf(run, { name: `virsh ${verb}`, program, connectionUri });
        const stderr = run.how === 'failed' ? run.stderr : '';
        return { ok: false, failure, stderr, ...(hasNotBegun(run) && { notBegun: true as const }), ...ran };
      },
    );
    const waitsFor = verb === 'start' ? undefined : signal;
    return answerInTime(ended, { verb, deadlineMs, signal: waitsFor, pass, given });
  };
}

/** Waits until nothing keeps the call back. Resolves with a failure if that takes too long. */
async function passGate(
  gate: CallGate,
  verb: string,
  wait: {
    readonly deadlineMs: number;
    readonly patienceMs: number;
    readonly now: () => number;
    readonly signal: AbortSignal | undefined;
    /** The verb that may run in its place. */
    readonly besideStart: string | undefined;
  },
  kill: () => void,
): Promise<{ readonly pass: GatePass; readonly verb: string } | Failed> {
  const { deadlineMs, patienceMs, now, signal, besideStart } = wait;
  const begin = now();
  for (;;) {
    if (signal?.aborted === true) return { ...calledOff(verb), notBegun: true };
    const obstacle = gate.obstacle(verb);
    if (obstacle === undefined) return { pass: gate.enter(verb, now(), kill), verb };
    const besideFrom = besideStart === undefined ? Infinity : (gate.mayAskAllFrom ?? Infinity);
    if (besideStart !== undefined && besideFrom <= now())
      return { pass: gate.enter(besideStart, now(), kill), verb: besideStart };
    const leftMs = begin + (obstacle.isOwed ? patienceMs : deadlineMs) - now();
    if (leftMs <= 0) return { ...unanswered(obstacle.verb, now() - obstacle.since), notBegun: true };
    await new Promise<void>((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        withdraw();
        signal?.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, Math.min(leftMs, besideFrom - now()));
      const withdraw = gate.onChange(end);
      signal?.addEventListener('abort', end);
    });
  }
}

/**
 * Runs a virsh by the kept connection. One that could not connect by it has told libvirt nothing: it goes by the next kept
 * connection, or connects by itself and learns why.
 */
async function runByKeptWay(
  run: (uri: string) => Promise<EndedRun>,
  way: {
    readonly keptUri: string | undefined;
    readonly keptWay: KeptWay | undefined;
    readonly connectionUri: string;
    /** Aborted when the caller has an answer. */
    readonly given: AbortSignal;
  },
): Promise<EndedRun> {
  const { keptUri, keptWay, connectionUri, given } = way;
  const isGiven = (): boolean => given.aborted;
  const first = await run(keptUri ?? connectionUri);
  const isFailed = first.how === 'failed' && failedToConnect.test(first.stderr);
  if (keptUri === undefined || !isFailed || isGiven()) return first;
  const nextUri = await keptWay?.uriAfter(keptUri, given);
  return isGiven() ? first : run(nextUri ?? connectionUri);
}

/** The result of a virsh that has been started, or the failure that its caller gets because it takes too long. */
function answerInTime(
  ended: Promise<VirshResult>,
  call: {
    readonly verb: string;
    readonly deadlineMs: number;
    readonly signal: AbortSignal | undefined;
    readonly pass: GatePass;
    readonly given: AbortController;
  },
): Promise<VirshResult> {
  const { verb, deadlineMs, signal, pass, given } = call;
  return new Promise((resolve) => {
    const callOff = (): void => {
      clearTimeout(timer);
      given.abort();
      pass.owed();
      resolve(calledOff(verb));
    };
    const timer = setTimeout(() => {
      given.abort();
      pass.owed();
      if (verb !== 'start') resolve(unanswered(verb, deadlineMs));
    }, deadlineMs);
    if (signal?.aborted === true) callOff();
    else signal?.addEventListener('abort', callOff);
    void ended.then((result) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', callOff);
      resolve(result);
    });
  });
}

type Failed = Extract<VirshResult, { ok: false }>;

function calledOff(verb: string): Failed {
  return {
    ok: false,
    failure: domainFailure('calledOff', `virsh ${verb} was called off`),
    stderr: '',
  };
}

/** `verb` is undefined for a call of another process. */
function unanswered(verb: string | undefined, forMs: number): Failed {
  const what = verb === undefined ? 'another question' : `\`virsh ${verb}\``;
  const forSeconds = `for ${Math.round(forMs / 1000)} s`;
  const message =
    verb === 'define'
      ? `libvirt has not answered ${what} ${forSeconds}: it changes no definition while it owes an answer about any domain`
      : `libvirt has not answered ${what} about this domain ${forSeconds}`;
  return { ok: false, failure: domainFailure('deadlineExceeded', message), stderr: '' };
}

type FailedRun = Exclude<EndedRun, { how: 'succeeded' }>;

function hasNotBegun(run: FailedRun): boolean {
  if (run.how === 'failed') return failedToConnect.test(run.stderr);
  return run.how === 'missing' || run.how === 'notStarted';
}

function failureOf(
  run: FailedRun,
  call: { readonly name: string; readonly program: string; readonly connectionUri: string },
): DomainFailure {
  const { name, program, connectionUri } = call;
  switch (run.how) {
    case 'failed': {
      return virshFailure({ name, connectionUri }, run);
    }
    case 'died':
      return domainFailure('virshInterrupted', `${name} died by ${run.signal}`);
    case 'missing':
      return domainFailure('virshMissing', `there is no program ${program}`);
    case 'notStarted':
      return domainFailure('virshInterrupted', `${name} could not be started: ${run.code}`);
    case 'printedTooMuch':
      return domainFailure('virshFailed', `${name} printed more than ${run.limitMib} MiB and was killed`);
  }
}
