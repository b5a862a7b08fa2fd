/** Asks a running vbmcd over its control socket. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { request } from 'node:http';
import type { BmcListing } from '../status/bmc-listing.ts';
import { clientSocketPath, controlSocketPath } from '../host/run-directory.ts';
import { systemProblem } from '../host/system-problem.ts';
import { printable } from '../text/printable.ts';
import { isRecord } from '../text/records.ts';
import { ControlFailure } from './errors.ts';
import { defaultPaths, howToStart, systemPaths, type Paths } from './paths.ts';
import { exitCodes } from './exit-code.ts';

const DEADLINE_MS = 10_000;
const MAXIMUM_ANSWER_BYTES = 16 * 1024 * 1024;
/** In characters: a list of all kinds of events fits. */
const MAXIMUM_REASON_LENGTH = 2_000;

/** All BMCs in the order of the inventory. Throws `ControlFailure`. */
export async function fetchListings(runDirectory: string): Promise<readonly BmcListing[]> {
  const { bmcs } = await fetchJson<{ bmcs: unknown }>(runDirectory, '/v1/bmcs', ['bmcs']);
  if (Array.isArray(bmcs) && bmcs.every(isListing)) return bmcs;
  throw unknownShape();
}

/** The answer, when it is an object with at least these `keys`. Throws `ControlFailure`, also when vbmcd refuses. */
export async function fetchJson<T extends object>(
  runDirectory: string,
  path: string,
  keys: readonly (keyof T & string)[],
  deadlineMs = DEADLINE_MS,
): Promise<T> {
  const answer = await exchange(runDirectory, 'GET', path, deadlineMs);
  const value = readObject(answer);
  if (answer.status === 200) {
    if (keys.every((key) => Object.hasOwn(value, key))) return value as T;
    throw unknownShape();
  }
  throw refusalOf(answer, path);
}

/** What vbmcd says of a request that it has not carried out. */
export function refusalOf(answer: ControlAnswer, path: string): ControlFailure {
  const { error } = readObject(answer);
  const reason =
    typeof error === 'string'
      ? error
      : `vbmcd answered ${path} with status ${answer.status}: ${answer.body.trim()}`;
  return new ControlFailure(exitCodes.failed, printable(reason, MAXIMUM_REASON_LENGTH));
}

/** The JSON object of an answer; `{}` when it has none. */
export function readObject({ body }: ControlAnswer): Readonly<Record<string, unknown>> {
  try {
    const answer: unknown = JSON.parse(body);
    return isRecord(answer) ? answer : {};
  } catch {
    return {};
  }
}

function unknownShape(): ControlFailure {
  return new ControlFailure(
    exitCodes.failed,
    'vbmc does not understand the answer of vbmcd',
    'use vbmc and vbmcd of the same version',
  );
}

function isListing(value: unknown): value is BmcListing {
  return isRecord(value) && 'name' in value && typeof value['status'] === 'string';
}

export interface ControlAnswer {
  /** HTTP's. */
  readonly status: number;
  readonly body: string;
}

/** Sends one request without a body and returns the answer, whatever its status. Throws `ControlFailure` without one. */
export async function exchange(
  runDirectory: string,
  method: 'GET' | 'POST',
  path: string,
  deadlineMs = DEADLINE_MS,
): Promise<ControlAnswer> {
  const socketPath = clientSocketPath(runDirectory);
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => {
      reject(
        error instanceof ControlFailure ? error : explainConnectionFailure(error, socketPath, deadlineMs),
      );
    };
    const signal = AbortSignal.timeout(deadlineMs);
    const asked = request({ socketPath, method, path, signal }, (response) => {
      const pieces: Buffer[] = [];
      let length = 0;
      response.on('error', fail);
      response.on('data', (piece: Buffer) => {
        pieces.push(piece);
        length += piece.length;
        if (length > MAXIMUM_ANSWER_BYTES) {
          response.destroy(new ControlFailure(exitCodes.failed, 'the answer of vbmcd is too long'));
        }
      });
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(pieces).toString('utf8') });
      });
    });
    asked.on('error', fail);
    asked.end();
  });
}

/** Turns Node's error into one that names the remedy. */
export function explainConnectionFailure(
  error: NodeJS.ErrnoException,
  socketPath: string,
  deadlineMs: number,
  paths: Paths = defaultPaths(),
): ControlFailure {
  switch (error.code) {
    case 'ENOENT':
    case 'ENOTDIR':
    case 'ECONNREFUSED':
      return new ControlFailure(
        exitCodes.daemonNotRunning,
        `vbmcd is not running: no process listens on ${socketPath}`,
        `start it (${howToStart(paths)}), or name its run directory with --run-dir${systemRemedy(paths)}`,
      );
    case 'EACCES':
    case 'EPERM':
      return new ControlFailure(
        exitCodes.permissionDenied,
        `permission denied on ${socketPath}`,
        groupRemedy(socketPath),
      );
    case 'ABORT_ERR':
      return new ControlFailure(
        exitCodes.failed,
        `vbmcd did not answer on ${socketPath} within ${deadlineMs / 1000} s`,
        'see its log; systemctl status vbmc says whether it runs',
      );
    case 'EINVAL':
    case 'ENAMETOOLONG':
      return new ControlFailure(
        exitCodes.failed,
        `${socketPath} is too long for a unix socket`,
        'name the run directory of vbmcd by a shorter path (--run-dir)',
      );
    case 'ECONNRESET':
    case 'EPIPE':
      return new ControlFailure(
        exitCodes.failed,
        `vbmcd has closed the connection to ${socketPath}`,
        'try again; the log of vbmcd says whether it has ended, or has too many clients',
      );
    case undefined:
    default:
      return new ControlFailure(
        exitCodes.failed,
        `cannot talk to vbmcd on ${socketPath}: ${systemProblem(error)?.message ?? error.message}`,
        'see the log of vbmcd',
      );
  }
}

/** A user who means the vbmcd of the system has their own paths as long as they may not use it. */
function systemRemedy({ mode }: Paths): string {
  const socketPath = controlSocketPath(systemPaths.runDirectory);
  if (mode === 'system' || !existsSync(socketPath)) return '';
  return `; or to use that of the system, ${groupRemedy(socketPath)}`;
}

/** Names the group that may connect, if this user can see it. */
function groupRemedy(socketPath: string): string {
  try {
    const { gid } = statSync(socketPath);
    const group = readFileSync('/etc/group', 'utf8')
      .split('\n')
      .map((line) => line.split(':'))
      .find((fields) => fields[2] === String(gid))?.[0];
    const name = group ?? `with id ${gid}`;
    return `become a member of the group ${name} (usermod -aG ${group ?? gid} $USER, then log in again) or run vbmc as root`;
  } catch {
    return 'run vbmc as root, or as a user who may enter that directory';
  }
}
