/** Runs one `virsh` and passes on its output line by line, for as long as it runs. */
import { readLines } from './read-lines.ts';
import { prepareVirsh, type VirshEnding, type VirshProcess } from './virsh-process.ts';

export interface VirshConnection {
  readonly connectionUri: string;
  /** For `LIBVIRT_AUTH_FILE`: the path of a file with SASL credentials. */
  readonly libvirtAuthFile: string | undefined;
}

export interface FollowedCommand extends VirshConnection {
  /** What follows the connection URI. */
  readonly args: readonly string[];
}

export interface VirshListener {
  /** Cut after `MAXIMUM_LINE_LENGTH` characters. */
  line(stream: 'stdout' | 'stderr', line: string): void;
  /** Called once, after the last line, unless virsh was killed. `undefined`: it succeeded. */
  ended(cause: string | undefined): void;
}

/** Kills virsh and its children (ssh, say). The listener is not called after this. */
export type Kill = () => void;
export type FollowVirsh = (command: FollowedCommand, listener: VirshListener) => Kill;

/** A connection that dies silently is noticed after 3 unanswered keepalives of 5 s each. */
const options = ['--quiet', '--keepalive-interval', '5', '--keepalive-count', '3', '--connect'];

/** Takes the outcome of each attempt to start a virsh; `code` is Node's name of the error that kept it from starting. */
export type ReportStart = (code?: string) => void;

/** Resolves when a virsh can be started without loading anything. Rejects with Node's error. */
export async function loadVirshRunner(): Promise<void> {
  await prepareVirsh();
}

/** Returns at once; virsh starts a moment later. `program`: name or path. `loadVirshRunner` must have resolved. */
export function virshFollower(program = 'virsh', report: ReportStart = () => undefined): FollowVirsh {
  return ({ connectionUri, libvirtAuthFile, args }, listener) => {
    const command = { argv: [...options, connectionUri, ...args], libvirtAuthFile, program };
    let virsh: VirshProcess | undefined;
    let killed = false;
    const pass = (stream: 'stdout' | 'stderr', line: string): void => {
      if (!killed) listener.line(stream, line);
    };
    const end = (ending: VirshEnding): void => {
      if (ending.exitCode === undefined && ending.signal === undefined) report(ending.code);
      if (!killed) listener.ended(causeOf(ending));
    };
    const follow = async (): Promise<void> => {
      const start = await prepareVirsh();
      if (killed) return;
      virsh = start(command, { buffer: false });
      if (virsh.hasStarted) report();
      readLines(virsh.stdout, (line) => {
        pass('stdout', line);
      });
      readLines(virsh.stderr, (line) => {
        pass('stderr', line);
      });
      end(await virsh.ended);
    };
    void follow();
    return () => {
      killed = true;
      virsh?.kill();
    };
  };
}

function causeOf({ exitCode, signal, code }: VirshEnding): string | undefined {
  if (signal !== undefined) return `virsh ended by ${signal}`;
  if (exitCode === undefined) return `virsh could not be started: ${code ?? 'unknown error'}`;
  return exitCode === 0 ? undefined : `virsh ended with exit code ${exitCode}`;
}
