/** The one place of the supervisor that starts `virsh`: for the domain watch. */
import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { createLineSplitter } from '../text/line-splitter.ts';
import { childEnvironment } from '../host/child-environment.ts';

export interface VirshCommand {
  readonly connectionUri: string;
  /** For `LIBVIRT_AUTH_FILE`: the path of a file with SASL credentials. */
  readonly libvirtAuthFile: string | undefined;
  /** What follows the connection URI. */
  readonly args: readonly string[];
}

export interface VirshListener {
  line(stream: 'stdout' | 'stderr', line: string): void;
  /** Once, after the last line, unless it was killed. `undefined`: with success. */
  ended(cause: string | undefined): void;
}

/** Kills virsh and what it started (ssh, say); no word of it comes after this. */
export type Kill = () => void;
export type StartVirsh = (command: VirshCommand, listener: VirshListener) => Kill;

/**
 * setpriv of util-linux asks the kernel to kill virsh when we die (setpriv(1), prctl(2) PR_SET_PDEATHSIG).
 * Where it is missing or is busybox's, a virsh that we leave behind ends with the next line it prints.
 */
const UNTIL_WE_DIE =
  'setpriv --pdeathsig KILL -- true >/dev/null 2>&1 && exec setpriv --pdeathsig KILL -- "$@"; exec "$@"';

/** How long others (a shared ssh connection, say) may hold the output of a virsh that has ended. */
const LINGERING_MS = 500;

/**
 * A connection that dies without a word is noticed after 3 unanswered keepalives of 5 s each. libvirt's
 * messages are recognised untranslated.
 */
const options = ['--quiet', '--keepalive-interval', '5', '--keepalive-count', '3', '--connect'];

/** `program`: name or path. */
export function virshStarter(parentEnvironment: NodeJS.ProcessEnv, program = 'virsh'): StartVirsh {
  return ({ connectionUri, libvirtAuthFile, args }, listener) => {
    const child = spawn('/bin/sh', ['-c', UNTIL_WE_DIE, 'sh', program, ...options, connectionUri, ...args], {
      env: {
        ...childEnvironment(parentEnvironment),
        LC_ALL: 'C',
        ...(libvirtAuthFile !== undefined && { LIBVIRT_AUTH_FILE: libvirtAuthFile }),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own, so that all of it can be killed; and no terminal to ask for a password on.
      detached: true,
    });
    let silenced = false;
    const readLines = (name: 'stdout' | 'stderr', stream: Readable): void => {
      const splitter = createLineSplitter();
      const pass = (lines: readonly string[]): void => {
        for (const line of lines) if (!silenced) listener.line(name, line);
      };
      stream.setEncoding('utf8');
      stream.on('data', (piece: string) => {
        pass(splitter.push(piece));
      });
      stream.on('end', () => {
        pass(splitter.end());
      });
    };
    readLines('stdout', child.stdout);
    readLines('stderr', child.stderr);
    const end = (cause: string | undefined): void => {
      if (silenced) return;
      silenced = true;
      listener.ended(cause);
    };
    child.on('error', (error) => {
      end(`virsh could not be started: ${error.message}`);
    });
    child.on('exit', () => {
      const timer = setTimeout(() => {
        child.stdout.destroy();
        child.stderr.destroy();
      }, LINGERING_MS);
      child.once('close', () => {
        clearTimeout(timer);
      });
    });
    child.on('close', (code, signal) => {
      end(
        code === 0
          ? undefined
          : `virsh ${signal === null ? `ended with exit code ${code ?? ''}` : `ended by ${signal}`}`,
      );
    });
    return () => {
      silenced = true;
      child.stdout.destroy();
      child.stderr.destroy();
      killGroup(child.pid);
    };
  };
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // ESRCH: it has ended by itself, which is what was asked for.
  }
}
