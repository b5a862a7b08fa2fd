/** Questions to libvirt for the command line. All but one open a read-only connection; each has a deadline. */
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { quoteConnectionError, runVirsh, type VirshRun } from '@vbmc/bmc-worker/libvirt';
import type { SaslCredentials } from '../inventory/inventory.ts';
import { programProblem } from '../inventory/programs-in-uri.ts';
import { askingUser, type AskingUser } from './asking-user.ts';
import { renderAuthConf } from './auth-conf.ts';

/** Longer than ssh waits for a host that does not answer (ConnectTimeout of the package), so that its words are the reason. */
const DEADLINE_MS = 10_000;

export interface FailedAnswer {
  readonly ok: false;
  readonly kind: 'missing' | 'timedOut' | 'failed';
  readonly reason: string;
}

export type VirshAnswer = { readonly ok: true; readonly text: string } | FailedAnswer;

export type DomainList = { readonly ok: true; readonly domains: readonly string[] } | FailedAnswer;

/** SASL credentials, or the path of a file that libvirt reads them from. */
export type VirshAccess = SaslCredentials | { readonly authFile: string };

/** `typed`: whoever runs the command has written the URI into it, so it may name a program or a socket, as in `virsh -c`. */
export type UriSource = 'typed' | 'inventory';

export interface VirshQueries {
  /** The version of the client. */
  version(): Promise<VirshAnswer>;
  /** Names of all domains, running or not. */
  listDomains(connectionUri: string, access?: VirshAccess, source?: UriSource): Promise<DomainList>;
  /** Names of the domains with an image of their memory that a start resumes. */
  listManagedSaves(connectionUri: string, access?: VirshAccess): Promise<DomainList>;
  /** Whether libvirt lets the user who asks change something: opens a read-write connection, and changes nothing. */
  mayManage(connectionUri: string, access?: VirshAccess): Promise<VirshAnswer>;
}

/** Runs virsh with `argv` on a connection, `['list', '--all']` for instance. */
export type AskVirsh = (
  connectionUri: string,
  argv: readonly string[],
  access?: VirshAccess,
  source?: UriSource,
) => Promise<VirshAnswer>;

export interface AskingOptions {
  readonly program?: string;
  readonly deadlineMs?: number;
  /** Whether virsh opens a connection that cannot change anything. */
  readonly readOnly?: boolean;
  readonly user?: () => AskingUser;
}

export function askingVirsh(options: AskingOptions = {}): AskVirsh {
  const {
    program = 'virsh',
    deadlineMs = DEADLINE_MS,
    readOnly = true,
    user: lookUpUser = askingUser,
  } = options;
  return async (connectionUri, argv, access, source = 'inventory') => {
    const user = lookUpUser();
    const starts = user.startsPrograms || source === 'typed' ? undefined : programProblem(connectionUri);
    if (starts !== undefined) {
      return failed(`not asked by ${user.name}: ${starts.message}`);
    }
    const { prefix, inherits } = user;
    const words = [...(readOnly ? ['--readonly'] : []), '-c', connectionUri, ...argv];
    const command = { argv: words, program, prefix, inherits };
    const ask = async (libvirtAuthFile?: string): Promise<VirshAnswer> =>
      answerOf(await runVirsh({ ...command, libvirtAuthFile }, { deadlineMs }), deadlineMs);
    if (access === undefined) return ask();
    return 'authFile' in access ? ask(access.authFile) : withAuthFile(connectionUri, access, user, ask);
  };
}

export function virshQueries(options: Omit<AskingOptions, 'readOnly'> = {}): VirshQueries {
  const { program = 'virsh', deadlineMs = DEADLINE_MS } = options;
  const ask = askingVirsh(options);
  const askReadWrite = askingVirsh({ ...options, readOnly: false });
  return {
    version: async () =>
      answerOf(await runVirsh({ argv: ['--version'], program }, { deadlineMs }), deadlineMs),
    listDomains: async (connectionUri, access, source) =>
      domainsOf(await ask(connectionUri, ['list', '--all', '--name'], access, source)),
    listManagedSaves: async (connectionUri, access) =>
      domainsOf(await ask(connectionUri, ['list', '--all', '--with-managed-save', '--name'], access)),
    mayManage: (connectionUri, access) => askReadWrite(connectionUri, ['uri'], access),
  };
}

function domainsOf(answer: VirshAnswer): DomainList {
  if (!answer.ok) return answer;
  return { ok: true, domains: answer.text.split('\n').filter((line) => line !== '') };
}

async function withAuthFile(
  connectionUri: string,
  credentials: SaslCredentials,
  { owner }: AskingUser,
  use: (path: string) => Promise<VirshAnswer>,
): Promise<VirshAnswer> {
  const directory = await mkdtemp(join(tmpdir(), 'vbmc-auth-'));
  try {
    const path = join(directory, 'auth.conf');
    await writeFile(path, renderAuthConf(connectionUri, credentials), { mode: 0o600, flag: 'wx' });
    // In this order: the new owner of the directory could replace the file by a link before it is given away.
    if (owner !== undefined) {
      await chown(path, owner.uid, owner.gid);
      await chown(directory, owner.uid, owner.gid);
    }
    return await use(path);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function failed(reason: string): FailedAnswer {
  return { ok: false, kind: 'failed', reason };
}

function answerOf(run: VirshRun, deadlineMs: number): VirshAnswer {
  switch (run.how) {
    case 'succeeded':
      return { ok: true, text: run.stdout.trim() };
    case 'failed':
      return failed(reasonIn(run.stderr) || `virsh failed with exit code ${run.exitCode} and no explanation`);
    case 'died':
      return failed(`virsh died by ${run.signal}`);
    case 'missing':
      return { ok: false, kind: 'missing', reason: 'there is no virsh' };
    case 'notStarted':
      return failed(`virsh could not be started: ${run.code}`);
    case 'printedTooMuch':
      return failed(`virsh printed more than ${run.limitMib} MiB`);
    case 'overran':
      return { ok: false, kind: 'timedOut', reason: `no answer within ${deadlineMs / 1000} s` };
  }
}

/** What ssh has said may be in several lines. */
function reasonIn(stderr: string): string {
  if (stderr.includes('error: failed to connect to the hypervisor')) return quoteConnectionError(stderr);
  const line = stderr.trim().split('\n').at(-1) ?? '';
  return line.replace(/^error: /, '');
}
