/** Starts and kills `virsh`; the one importer of execa. `virsh console` is started in console/console-process.ts. */
import { Readable } from 'node:stream';
import { parentDeathPrefix } from './parent-death.ts';
import { killGroup } from './process-group.ts';
import { tryToSpawn } from './try-to-spawn.ts';
import { virshEnvironment } from './virsh-environment.ts';

export interface VirshCommand {
  /** Options such as `-c URI`, then virsh's command and its arguments. */
  readonly argv: readonly string[];
  /** For `LIBVIRT_AUTH_FILE`: the path of a file with SASL credentials. */
  readonly libvirtAuthFile?: string | undefined;
  /** Path or name. Default `virsh`. */
  readonly program?: string | undefined;
  /** More variables for it. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
  /** Words before `program`: a command that executes it as another user. */
  readonly prefix?: readonly string[] | undefined;
  /** What virsh's variables are taken from. Default: this process's. */
  readonly inherits?: NodeJS.ProcessEnv | undefined;
}

export interface VirshStreams {
  /** An open file descriptor that virsh gets as its number 3, `inheritedFile` by name. stdin stays closed. */
  readonly inheritFd?: number | undefined;
  /** Keeps the output for `ended`, up to `OUTPUT_LIMIT_MIB`. If false, the caller must read both streams. */
  readonly buffer: boolean;
}

/** How a virsh ended. Every field is missing if it could not be killed. */
export interface VirshEnding {
  readonly stdout?: string | undefined;
  readonly stderr?: string | undefined;
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
  /** It printed more than `OUTPUT_LIMIT_MIB` and was killed. */
  readonly isMaxBuffer?: boolean;
  /** Node's name of the error that kept it from starting (`ENOENT`). */
  readonly code?: string | undefined;
}

export interface VirshProcess {
  readonly hasStarted: boolean;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Never rejects. Resolves within a second after `kill`. */
  readonly ended: Promise<VirshEnding>;
  /** SIGTERM to virsh and its children, then SIGKILL after the grace. What it prints from now on is lost. */
  kill(): void;
}

/** From SIGTERM to SIGKILL, and from SIGKILL to giving up on a process that the kernel cannot end. */
const GRACE_MS = 500;

/** How long another process (a shared ssh connection, say) may hold the output of a virsh that has ended. */
const LINGERING_MS = 500;

/**
 * libvirt carries no string longer than 4 MiB (REMOTE_STRING_MAX of its remote protocol), a domain's definition
 * included. A definition is some 10 kB, a line of `virsh list --all --uuid --name` some 60 bytes.
 */
export const OUTPUT_LIMIT_MIB = 4;
const BYTES_PER_MIB = 1_048_576;

/** Process groups to kill when this process exits, for machines without setpriv and for virsh's children. */
const running = new Set<number>();
let killsAtExit = false;

function killRunningAtExit(): void {
  if (killsAtExit) return;
  killsAtExit = true;
  process.once('exit', () => {
    for (const pid of running) killGroup(pid);
  });
}

/**
 * Loads what starting a virsh takes, and returns the function that starts one. virsh leads a process group, so that
 * a kill ends its ssh child (qemu+ssh) too; and it has no terminal to ask for a password on. Rejects if a module cannot
 * be loaded (EMFILE): Node does not load it again in the same process.
 */
export async function prepareVirsh(): Promise<
  (command: VirshCommand, streams: VirshStreams) => VirshProcess
> {
  // Loaded when first needed: execa costs 2 MB, and a worker that answers from memory never needs it.
  const [{ execa }, parentDeath] = await Promise.all([import('execa'), parentDeathPrefix()]);
  if ('code' in parentDeath) return () => neverStarted(Promise.resolve(parentDeath.code));
  return (command, { buffer, inheritFd }) => {
    const { argv, libvirtAuthFile, program = 'virsh', environment, prefix = [] } = command;
    // The kernel forgets whose death ends a process when its user changes: `prefix` comes first.
    const [file = program, ...args] = [...prefix, ...parentDeath.prefix, program, ...argv];
    const attempt = tryToSpawn(() =>
      execa(file, args, {
        env: {
          ...virshEnvironment(command.inherits ?? process.env),
          ...environment,
          ...(libvirtAuthFile !== undefined && { LIBVIRT_AUTH_FILE: libvirtAuthFile }),
        },
        extendEnv: false,
        // execa enters this process's own directory again, which another user (`prefix`) or any user may no longer enter.
        cwd: '/',
        // execa takes any descriptor; its types list the usual ones.
        stdio: ['ignore', 'pipe', 'pipe', ...(inheritFd === undefined ? [] : [inheritFd as 3])],
        // A session and process group of its own: no terminal to prompt on, and its children end with it.
        detached: true,
        cleanup: false,
        reject: false,
        stripFinalNewline: false,
        buffer,
        // In characters.
        maxBuffer: OUTPUT_LIMIT_MIB * BYTES_PER_MIB,
        forceKillAfterDelay: GRACE_MS,
      }),
    );
    if ('code' in attempt) return neverStarted(attempt.code);
    const subprocess = attempt.started;
    const { pid, stdout, stderr } = subprocess;
    const destroyStreams = (): void => {
      stdout.destroy();
      stderr.destroy();
    };
    if (pid === undefined) {
      return { hasStarted: false, stdout, stderr, ended: subprocess, kill: destroyStreams };
    }

    running.add(pid);
    killRunningAtExit();
    const timers: NodeJS.Timeout[] = [];
    subprocess.once('exit', () => timers.push(setTimeout(destroyStreams, LINGERING_MS)));
    let killed = false;
    let giveUp = (): void => undefined;
    const givenUp = new Promise<VirshEnding>((resolve) => {
      giveUp = () => {
        resolve({});
      };
    });
    return {
      hasStarted: true,
      stdout,
      stderr,
      ended: Promise.race([subprocess, givenUp]).then((ending: VirshEnding) => {
        for (const timer of timers) clearTimeout(timer);
        running.delete(pid);
        // A killed virsh may leave children (ssh, say) in its group.
        if (killed || ending.signal !== undefined) killGroup(pid);
        return ending;
      }),
      kill() {
        if (killed) return;
        killed = true;
        destroyStreams();
        killGroup(pid, 'SIGTERM');
        timers.push(setTimeout(killGroup, GRACE_MS, pid), setTimeout(giveUp, 2 * GRACE_MS));
      },
    };
  };
}

function neverStarted(code: Promise<string>): VirshProcess {
  return {
    hasStarted: false,
    stdout: Readable.from([]),
    stderr: Readable.from([]),
    ended: code.then((known) => ({ code: known })),
    kill: () => undefined,
  };
}
