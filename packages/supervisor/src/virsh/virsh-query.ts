/**
 * Questions to libvirt for the command line: `virsh`, read-only but for one, each with a deadline. It gets no terminal,
 * so that an ssh behind a connection URI fails rather than asks for a password.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { renderAuthConf } from './auth-conf.ts';
import type { SaslCredentials } from '../inventory/inventory.ts';
import { errorCode } from '../host/error-code.ts';

const DEADLINE_MS = 5_000;
const MAXIMUM_OUTPUT_CHARACTERS = 16 * 1024 * 1024;

export type VirshAnswer =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly kind: 'missing' | 'timedOut' | 'failed'; readonly reason: string };

export type DomainList =
  { readonly ok: true; readonly domains: readonly string[] } | Extract<VirshAnswer, { ok: false }>;

export interface VirshQueries {
  /** Of the client. */
  version(): Promise<VirshAnswer>;
  /** Names of all domains, running or not. */
  listDomains(connectionUri: string, credentials?: SaslCredentials): Promise<DomainList>;
  /** Whether libvirt lets this user change something: opens a connection that may, and changes nothing. */
  mayManage(connectionUri: string, credentials?: SaslCredentials): Promise<VirshAnswer>;
}

/** Asks libvirt what `argv` says, `['list', '--all']` for instance. */
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
    const all = [...options, '-c', connectionUri, ...argv];
    if (credentials === undefined) return run(program, all, deadlineMs);
    return withAuthFile(connectionUri, credentials, async (path) =>
      run(program, all, deadlineMs, { LIBVIRT_AUTH_FILE: path }),
    );
  };
}

export function virshQueries(program = 'virsh', deadlineMs = DEADLINE_MS): VirshQueries {
  const ask = askingVirsh(program, deadlineMs);
  return {
    version: async () => run(program, ['--version'], deadlineMs),
    listDomains: async (connectionUri, credentials) => {
      const answer = await ask(connectionUri, ['list', '--all', '--name'], credentials);
      if (!answer.ok) return answer;
      return { ok: true, domains: answer.text.split('\n').filter((line) => line !== '') };
    },
    mayManage: async (connectionUri, credentials) =>
      askingVirsh(program, deadlineMs, [])(connectionUri, ['uri'], credentials),
  };
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

async function run(
  program: string,
  argv: readonly string[],
  deadlineMs: number,
  environment: NodeJS.ProcessEnv = {},
): Promise<VirshAnswer> {
  return new Promise((resolve) => {
    const child = spawn(program, argv, {
      env: { ...process.env, LC_ALL: 'C', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A session and group of its own: no terminal to ask on, and its own children end with it.
      detached: true,
    });
    let [text, complaint] = ['', ''];
    let timedOut = false;
    const kill = (): void => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      } catch {
        // ESRCH: it has ended by itself.
      }
    };
    const timer = setTimeout(() => {
      timedOut = true;
      kill();
    }, deadlineMs);
    child.stdout.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
      if (text.length > MAXIMUM_OUTPUT_CHARACTERS) kill();
    });
    child.stderr.setEncoding('utf8').on('data', (piece: string) => {
      complaint = (complaint + piece).slice(-2_000);
    });
    child.on('error', (error) => {
      clearTimeout(timer);
      const missing = errorCode(error) === 'ENOENT';
      resolve({
        ok: false,
        kind: missing ? 'missing' : 'failed',
        reason: missing ? 'there is no virsh' : error.message,
      });
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      if (timedOut)
        resolve({ ok: false, kind: 'timedOut', reason: `no answer within ${deadlineMs / 1000} s` });
      else if (code === 0) resolve({ ok: true, text: text.trim() });
      else resolve({ ok: false, kind: 'failed', reason: lastLine(complaint) });
    });
  });
}

function lastLine(complaint: string): string {
  const line = complaint.trim().split('\n').at(-1) ?? '';
  return line.replace(/^error: /, '') || 'virsh failed without a word';
}
