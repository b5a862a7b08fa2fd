/**
 * One ssh that stays: logs in once, finds libvirt's socket on the other host, and forwards a socket of this host to it. A forwarded
 * socket is no session of sshd's, so MaxSessions does not count those who use it, and each has a connection to libvirt of its own.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import {
  connectionTrouble,
  killGroup,
  parentDeathPrefix,
  quoteConnectionError,
  readLines,
  remedyOfTrouble,
  tryToSpawn,
  virshEnvironment,
} from '@vbmc/bmc-worker/libvirt';
import { printable } from '../text/printable.ts';
import { socketPathIn, type KeepableUri } from './keepable-uri.ts';

/** ssh may write as much as it likes; its longest message, about a changed host key, has some 15. */
const MAXIMUM_LINES = 40;
/** From SIGTERM, at which ssh removes its sockets, to SIGKILL. */
const GRACE_MS = 500;

/** A link that dies silently ends ssh after 3 unanswered questions of 5 s each. */
const options = [
  ...['-T', '-M', '-o', 'ControlPersist=no', '-o', 'BatchMode=yes', '-o', 'ClearAllForwardings=yes'],
  ...['-o', 'ServerAliveInterval=5', '-o', 'ServerAliveCountMax=3', '-o', 'StreamLocalBindUnlink=yes'],
];

export interface SshMasterListener {
  /** The socket of this host leads to the other host from now on. */
  forwards(): void;
  /** Once, whatever has ended it, unless it was stopped. */
  ended(cause: string): void;
}

export interface SshMasterOptions {
  readonly connectionUri: string;
  readonly keepable: KeepableUri;
  /** Of the socket of this host; ssh's own control socket is beside it. */
  readonly socketPath: string;
  readonly program?: string;
}

/** Starts ssh. The returned function ends it, and resolves when nothing of it is left; the listener is not called after that. */
export function startSshMaster(master: SshMasterOptions, listener: SshMasterListener): () => Promise<void> {
  const stopping = new AbortController();
  const ended = run(master, listener, stopping.signal);
  return async () => {
    stopping.abort();
    await ended;
  };
}

async function run(
  { connectionUri, keepable, socketPath, program = 'ssh' }: SshMasterOptions,
  listener: SshMasterListener,
  stopping: AbortSignal,
): Promise<void> {
  const controlPath = `${socketPath}.ctl`;
  // ssh replaces what begins with %.
  const control = ['-S', controlPath.replaceAll('%', '%%')];
  const complaints: string[] = [];
  const start = (args: readonly string[]) => spawnSsh(program, args, complaints);
  const master = await start([...options, ...control, ...keepable.sshArgs, keepable.remoteCommand]);
  const { child, exited } = master;
  const tell = { code: '' };
  const stop = (): void => {
    master.end();
  };
  if (stopping.aborted) stop();
  stopping.addEventListener('abort', stop);
  let isForwarding = false;
  const forward = async (remotePath: string): Promise<void> => {
    const words = ['-O', 'forward', '-L', `${socketPath}:${remotePath}`];
    const forwarding = await start(['-F', 'none', ...control, ...words, ...keepable.sshArgs]);
    const code = await forwarding.exited;
    if (code === 0 && !stopping.aborted) listener.forwards();
    else if (code !== 0) stop();
  };
  if (child !== undefined)
    readLines(child.stdout, (line) => {
      const remotePath = socketPathIn(line);
      if (remotePath === undefined || isForwarding) return;
      isForwarding = true;
      void forward(remotePath);
    });
  tell.code = String(await exited);
  stopping.removeEventListener('abort', stop);
  await Promise.all(
    [socketPath, controlPath].map((path) => rm(path, { force: true }).catch(() => undefined)),
  );
  if (!stopping.aborted) listener.ended(causeOf(complaints, connectionUri, tell.code));
}

interface Ssh {
  readonly child: ReturnType<typeof spawnChild> | undefined;
  /** The exit code, the signal, or why it could not be started. */
  readonly exited: Promise<number | string>;
  end(): void;
}

function spawnChild(file: string, args: readonly string[]) {
  // A session and process group of its own: no terminal to ask for a password on, and Ctrl-C in a terminal reaches vbmcd only.
  const child = spawn(file, args, {
    env: virshEnvironment(process.env),
    cwd: '/',
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  // The remote command waits for the end of this: a broken pipe is told by ssh's end.
  child.stdin.on('error', () => undefined);
  return child;
}

/** Starts one that ends with this process. */
async function spawnSsh(program: string, args: readonly string[], complaints: string[]): Promise<Ssh> {
  const death = await parentDeathPrefix();
  if ('code' in death) return neverStarted(death.code);
  const [file = program, ...words] = [...death.prefix, program, ...args];
  const attempt = tryToSpawn(() => spawnChild(file, words));
  if ('code' in attempt) return neverStarted(await attempt.code);
  const child = attempt.started;
  const { pid } = child;
  readLines(child.stderr, (line) => {
    if (complaints.length < MAXIMUM_LINES) complaints.push(line);
  });
  const kill = (): void => {
    if (pid !== undefined) killGroup(pid);
  };
  // For machines without setpriv.
  process.once('exit', kill);
  const failed = once(child, 'error').then(([error]) => (error as NodeJS.ErrnoException).code ?? 'unknown');
  const exited = Promise.race([
    failed,
    new Promise<number | string>((resolve) => {
      child.once('exit', (code, signal) => {
        resolve(code ?? signal ?? 'unknown');
      });
    }),
  ]).finally(() => process.off('exit', kill));
  failed.catch(() => undefined);
  return {
    child,
    exited,
    end: () => {
      if (pid === undefined) return;
      killGroup(pid, 'SIGTERM');
      const timer = setTimeout(kill, GRACE_MS);
      void exited.finally(() => {
        clearTimeout(timer);
      });
    },
  };
}

function neverStarted(code: string): Ssh {
  return { child: undefined, exited: Promise.resolve(code), end: () => undefined };
}

function causeOf(complaints: readonly string[], connectionUri: string, code: string): string {
  const text = complaints.join('\n');
  const trouble = connectionTrouble(text, connectionUri);
  const said = printable(quoteConnectionError(text), 400) || `ssh has ended (${code})`;
  return trouble === undefined ? said : `${said} (${remedyOfTrouble(trouble)})`;
}
