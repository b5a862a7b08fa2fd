/** Questions to libvirt for the command line. All but one open a read-only connection; each has a deadline. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runVirsh, type VirshRun } from '@vbmc/bmc-worker/libvirt';
import { renderAuthConf } from './auth-conf.ts';
import type { SaslCredentials } from '../inventory/inventory.ts';

const DEADLINE_MS = 5_000;

export interface FailedAnswer {
  readonly ok: false;
  readonly kind: 'missing' | 'timedOut' | 'failed';
  readonly reason: string;
}

export type VirshAnswer = { readonly ok: true; readonly text: string } | FailedAnswer;

export type DomainList = { readonly ok: true; readonly domains: readonly string[] } | FailedAnswer;

export interface VirshQueries {
  /** The version of the client. */
  version(): Promise<VirshAnswer>;
  /** Names of all domains, running or not. */
  listDomains(connectionUri: string, credentials?: SaslCredentials): Promise<DomainList>;
  /** Names of the domains with an image of their memory that a start resumes. */
  listManagedSaves(connectionUri: string, credentials?: SaslCredentials): Promise<DomainList>;
  /** Whether libvirt lets this user change something: opens a read-write connection, and changes nothing. */
  mayManage(connectionUri: string, credentials?: SaslCredentials): Promise<VirshAnswer>;
}

/** Runs virsh with `argv` on a connection, `['list', '--all']` for instance. */
export type AskVirsh = (
  connectionUri: string,
  argv: readonly string[],
  credentials?: SaslCredentials,
) => Promise<VirshAnswer>;

export function askingVirsh(
  program = 'virsh',
  deadlineMs = DEADLINE_MS,
  options: readonly string[] = ['--readonly'],
): AskVirsh {
  return async (connectionUri, argv, credentials) => {
    const command = { argv: [...options, '-c', connectionUri, ...argv], program };
    const ask = async (libvirtAuthFile?: string): Promise<VirshAnswer> =>
      answerOf(await runVirsh({ ...command, libvirtAuthFile }, { deadlineMs }), deadlineMs);
    return credentials === undefined ? ask() : withAuthFile(connectionUri, credentials, ask);
  };
}

export function virshQueries(program = 'virsh', deadlineMs = DEADLINE_MS): VirshQueries {
  const ask = askingVirsh(program, deadlineMs);
  return {
    version: async () =>
      answerOf(await runVirsh({ argv: ['--version'], program }, { deadlineMs }), deadlineMs),
    listDomains: async (connectionUri, credentials) =>
      domainsOf(await ask(connectionUri, ['list', '--all', '--name'], credentials)),
    listManagedSaves: async (connectionUri, credentials) =>
      domainsOf(await ask(connectionUri, ['list', '--all', '--with-managed-save', '--name'], credentials)),
    mayManage: async (connectionUri, credentials) =>
      askingVirsh(program, deadlineMs, [])(connectionUri, ['uri'], credentials),
  };
}

function domainsOf(answer: VirshAnswer): DomainList {
  if (!answer.ok) return answer;
  return { ok: true, domains: answer.text.split('\n').filter((line) => line !== '') };
}

async function withAuthFile(
  connectionUri: string,
  credentials: SaslCredentials,
  use: (path: string) => Promise<VirshAnswer>,
): Promise<VirshAnswer> {
  const directory = await mkdtemp(join(tmpdir(), 'vbmc-auth-'));
  try {
    const path = join(directory, 'auth.conf');
    await writeFile(path, renderAuthConf(connectionUri, credentials), { mode: 0o600, flag: 'wx' });
    return await use(path);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function answerOf(run: VirshRun, deadlineMs: number): VirshAnswer {
  const failed = (reason: string): VirshAnswer => ({ ok: false, kind: 'failed', reason });
  switch (run.how) {
    case 'succeeded':
      return { ok: true, text: run.stdout.trim() };
    case 'failed':
      return failed(lastLine(run.stderr) || `virsh failed with exit code ${run.exitCode} and no explanation`);
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

function lastLine(complaint: string): string {
  const line = complaint.trim().split('\n').at(-1) ?? '';
  return line.replace(/^error: /, '');
}
