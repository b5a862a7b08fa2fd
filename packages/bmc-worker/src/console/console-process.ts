/** Starts and kills the processes of one console: `script`, `setsid` and `virsh`. */
import { spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { isShortage, tryToSpawn } from '../libvirt/try-to-spawn.ts';
import { virshEnvironment } from '../libvirt/virsh-environment.ts';
import { consoleEnvironment, consoleWords, type ConsoleCommand } from './console-command.ts';
import type { TypingPipe } from './typing-pipe.ts';

export interface ConsoleProcess {
  /** Writes to the terminal; calls back when the kernel has taken all, or never again will. */
  type(bytes: Uint8Array, written: () => void): void;
  /** Ends all of them, whatever they do. */
  kill(): void;
}

export interface ProcessEnd {
  readonly stderr: string;
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
}

export interface ProcessListener {
  output(bytes: Uint8Array): void;
  /** All that virsh has said of errors until now. */
  complaint(text: string): void;
  /** Called once; after `kill` within a second. */
  ended(end: ProcessEnd): void;
}

/** In characters: libvirt's messages have some 200, those of ssh a page. */
const LONGEST_COMPLAINT = 8_192;

/** After `script` has ended: for what another process still has to write, and for its end after SIGKILL. */
const LINGERING_MS = 500;

/** `parentDeath`: the words of parent-death.ts. The listener is not called before this has returned. */
export function startConsoleProcess(
  command: ConsoleCommand,
  parentDeath: readonly string[],
  pipe: TypingPipe,
  listener: ProcessListener,
): ConsoleProcess {
  const { writer } = pipe;
  const [program = 'sh', ...args] = consoleWords(parentDeath);
  const attempt = tryToSpawn(() =>
    spawn(program, args, {
      env: { ...virshEnvironment(process.env), ...consoleEnvironment(command) },
      cwd: '/',
      stdio: [pipe.stdin, 'pipe', 'pipe', 'pipe'],
      // Ctrl-C in vbmcd's terminal must not reach it.
      detached: true,
    }),
  );
  closeSync(pipe.stdin);
  if ('code' in attempt) {
    writer.destroy();
    void attempt.code.then((code) => {
      listener.ended({ stderr: notStarted(code) });
    });
    return { type: (_bytes, written) => void setImmediate(written), kill: () => undefined };
  }
  const child = attempt.started;
  const [, stdout, stderr, complaints] = child.stdio as [null, Readable, Readable, Readable, null];
  const streams = [writer, stdout, stderr, complaints];

  let hasEnded = false;
  let said = '';
  let timer: NodeJS.Timeout | undefined;
  const end = (how: Omit<ProcessEnd, 'stderr'> & { readonly code?: string | undefined }): void => {
    if (hasEnded) return;
    hasEnded = true;
    clearTimeout(timer);
    for (const stream of streams) stream.destroy();
    listener.ended({ ...how, stderr: how.code === undefined ? said : notStarted(how.code) });
  };
  const endLater = (): void => {
    timer ??= setTimeout(() => {
      end({ exitCode: child.exitCode ?? undefined, signal: child.signalCode ?? undefined });
    }, LINGERING_MS);
  };

  // A write after the end, and a read error, say no more than the end itself.
  for (const stream of streams) stream.on('error', () => undefined);
  stdout.on('data', (bytes: Uint8Array) => {
    if (!hasEnded) listener.output(bytes);
  });
  for (const stream of [stderr, complaints]) {
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => {
      said = (said + text).slice(0, LONGEST_COMPLAINT);
      if (!hasEnded) listener.complaint(said);
    });
  }
  child.once('error', (error: NodeJS.ErrnoException) => {
    if (child.pid === undefined) end({ code: error.code ?? error.message });
  });
  child.once('exit', endLater);
  child.once('close', (exitCode: number | null, signal: string | null) => {
    end({ exitCode: exitCode ?? undefined, signal: signal ?? undefined });
  });

  return {
    type: (bytes, written) => void writer.write(bytes, written),
    kill: () => {
      if (hasEnded || child.pid === undefined) return;
      child.kill('SIGKILL');
      endLater();
    },
  };
}

function notStarted(code: string): string {
  return isShortage(code) ? `script could not be started for want of resources: ${code}` : `script: ${code}`;
}
