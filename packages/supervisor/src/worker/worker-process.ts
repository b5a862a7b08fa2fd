/** One worker as a child process: started, reached by its channel, its output read line by line. */
import { spawn, type ChildProcess } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { CHANNEL_FD, type SupervisorMessage } from '@vbmc/bmc-worker/ipc';
import {
  forgetParentDeath,
  killGroup,
  knownParentDeath,
  readLines,
  tryToSpawn,
  virshEnvironment,
  type ParentDeath,
  type ReportStart,
} from '@vbmc/bmc-worker/libvirt';
import type { Clock } from '../host/clock.ts';
import type { ProcessEnd } from './crash-cause.ts';
import { WorkerChannel, type ChannelListener } from './worker-channel.ts';
import { workerMemoryEnvironment, workerOptions } from './worker-options.ts';
import { EXIT_LINGER_MS } from '../supervision/supervision-times.ts';

export interface WorkerListener extends ChannelListener {
  outputLine(stream: 'stdout' | 'stderr', line: string): void;
  /** Once, after the last output line; also when the process could not be started. */
  exited(end: ProcessEnd, startFailure?: string): void;
}

export interface WorkerProcess {
  /** `undefined` when the process could not be started. */
  readonly pid: number | undefined;
  /** A message to a worker that has gone is dropped; `exited` reports its end. */
  send(message: SupervisorMessage): void;
  /** SIGKILL, to the worker and the `virsh` processes it started. */
  kill(): void;
}

/** `bmc`: the BMC's name. */
export type StartWorker = (bmc: string, listener: WorkerListener) => WorkerProcess;

export interface StarterOptions {
  /** Takes the outcome of each start. */
  readonly report?: ReportStart;
  /** What makes a worker end with this process, even one that hangs. */
  readonly parentDeath?: () => ParentDeath;
}

/** Prepares starting `entryFile`; each call of the result starts one process. */
export function workerStarter(
  entryFile: string,
  parentEnvironment: NodeJS.ProcessEnv,
  { now }: Pick<Clock, 'now'>,
  { report = () => undefined, parentDeath = knownParentDeath }: StarterOptions = {},
): StartWorker {
  const environment = { ...virshEnvironment(parentEnvironment), ...workerMemoryEnvironment };
  const options = workerOptions(process.versions.node);
  return (bmc, listener) => {
    const notStarted = (code: string): void => {
      report(code);
      listener.exited({ code: null, signal: null }, code);
    };
    const death = parentDeath();
    if ('code' in death) return neverStarted(Promise.resolve(death.code), notStarted);
    // The name is for readers of a process list; the worker gets all it needs by a message.
    const [program, ...args] = [...death.prefix, process.execPath, ...options, entryFile, bmc];
    const attempt = tryToSpawn(() =>
      spawn(program, args, {
        env: environment,
        // The last one is the channel, at `CHANNEL_FD`: a pipe that Node makes for a child goes both ways.
        stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
        // Its own process group: what it leaves behind can be killed, and a terminal's Ctrl-C reaches vbmcd only.
        detached: true,
      }),
    );
    if ('code' in attempt) return neverStarted(attempt.code, notStarted);
    const child = attempt.started;
    if (child.pid !== undefined) report();
    else {
      child.once('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') forgetParentDeath();
        report(error.code ?? error.message);
      });
    }
    return attach(child, listener, now);
  };
}

function neverStarted(code: Promise<string>, tell: (code: string) => void): WorkerProcess {
  void code.then(tell);
  return { pid: undefined, send: () => undefined, kill: () => undefined };
}

function attach(child: ChildProcess, listener: WorkerListener, now: Clock['now']): WorkerProcess {
  let ended = false;
  const end = (how: ProcessEnd, startFailure?: string): void => {
    if (ended) return;
    ended = true;
    listener.exited(how, startFailure);
  };

  // Missing when the process could not be started for want of file descriptors.
  const streams = child.stdio as ChildProcess['stdio'] | undefined;
  const stream = streams?.[CHANNEL_FD] as Duplex | null | undefined;
  const stopReading = (): void => {
    for (const one of [child.stdout, child.stderr, stream]) one?.destroy();
  };
  const channel =
    stream &&
    new WorkerChannel(stream, now, {
      message: (message) => {
        listener.message(message);
      },
      brokeRule: (violation) => {
        stopReading();
        listener.brokeRule(violation);
      },
    });
  for (const name of ['stdout', 'stderr'] as const) {
    if (!child[name]) continue;
    readLines(child[name], (line) => {
      listener.outputLine(name, line);
    });
    child[name].on('data', (piece: string) => {
      channel?.countOutput(piece.length);
    });
  }
  stream?.on('close', () => {
    // A worker without its channel ends by itself. One that does not would keep the port from its successor.
    afterLingering(child, () => {
      killGroup(child.pid);
    });
  });
  child.on('exit', () => {
    // A `virsh` that outlives its worker has nothing left that enforces its deadline.
    killGroup(child.pid);
    // Another process that still holds the other end of its output must not delay the restart.
    afterLingering(child, stopReading);
  });
  // `close` and not `exit`: the last output lines, which name the cause of a crash, come before it.
  child.on('close', (code, signal) => {
    end({ code, signal });
  });
  child.on('error', (error) => {
    // A failed send or kill is reported here as well; only a process that could not be started ends here.
    if (child.pid === undefined) end({ code: null, signal: null }, error.message);
  });

  return {
    pid: child.pid,
    send(message) {
      channel?.send(message);
    },
    kill() {
      killGroup(child.pid);
    },
  };
}

/** Runs `act` unless `child` closes within `EXIT_LINGER_MS`. */
function afterLingering(child: ChildProcess, act: () => void): void {
  const timer = setTimeout(act, EXIT_LINGER_MS);
  child.once('close', () => {
    clearTimeout(timer);
  });
}
