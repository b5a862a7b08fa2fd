/** Asks a running vbmcd over its control socket. */
import { readFileSync, statSync } from 'node:fs';
import { request } from 'node:http';
import type { BmcListing } from '../status/bmc-listing.ts';
import { controlSocketPath } from '../host/run-directory.ts';
import { ControlFailure } from './control-failure.ts';
import { exitCodes } from './exit-code.ts';

const DEADLINE_MS = 10_000;
const MAXIMUM_ANSWER_BYTES = 16 * 1024 * 1024;

/** All BMCs in the order of the inventory. Throws `ControlFailure`. */
export async function fetchListings(runDirectory: string): Promise<readonly BmcListing[]> {
  const answer = await get(runDirectory, '/v1/bmcs');
  if (!isListings(answer)) {
    throw new ControlFailure(
      'vbmcd gave an answer of unknown shape: are vbmc and vbmcd of one version?',
      exitCodes.failed,
    );
  }
  return answer.bmcs;
}

async function get(runDirectory: string, path: string): Promise<unknown> {
  const { status, body } = await exchange(runDirectory, 'GET', path);
  try {
    const answer: unknown = JSON.parse(body);
    if (status === 200) return answer;
  } catch {
    // Falls through: an answer that is not JSON is as good as one that is not 200.
  }
  throw new ControlFailure(
    `vbmcd answered ${path} with status ${status}: ${body.trim().slice(0, 500)}`,
    exitCodes.failed,
  );
}

export interface ControlAnswer {
  /** HTTP's. */
  readonly status: number;
  readonly body: string;
}

/** One request without a body and its answer, whatever that says. Throws `ControlFailure` when there is none. */
export async function exchange(
  runDirectory: string,
  method: 'GET' | 'POST',
  path: string,
  deadlineMs = DEADLINE_MS,
): Promise<ControlAnswer> {
  const socketPath = controlSocketPath(runDirectory);
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
          response.destroy(new ControlFailure('the answer of vbmcd is too long', exitCodes.failed));
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

/** What the operator can do when vbmcd cannot be talked to. */
export function explainConnectionFailure(
  error: NodeJS.ErrnoException,
  socketPath: string,
  deadlineMs: number,
): ControlFailure {
  switch (error.code) {
    case 'ENOENT':
    case 'ENOTDIR':
    case 'ECONNREFUSED':
      return new ControlFailure(
        `vbmcd is not running: nobody listens on ${socketPath}. Start it (systemctl start vbmc), or name its run directory with --run-dir`,
        exitCodes.daemonNotRunning,
      );
    case 'EACCES':
    case 'EPERM':
      return new ControlFailure(
        `permission denied on ${socketPath}: ${groupRemedy(socketPath)}`,
        exitCodes.permissionDenied,
      );
    case 'ABORT_ERR':
      return new ControlFailure(
        `vbmcd did not answer on ${socketPath} within ${deadlineMs / 1000} s`,
        exitCodes.failed,
      );
    case undefined:
    default:
      return new ControlFailure(`cannot talk to vbmcd on ${socketPath}: ${error.message}`, exitCodes.failed);
  }
}

/** Names the group that may connect, as far as this user can see it. */
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

function isListings(answer: unknown): answer is { bmcs: readonly BmcListing[] } {
  if (typeof answer !== 'object' || answer === null || !('bmcs' in answer) || !Array.isArray(answer.bmcs))
    return false;
  return answer.bmcs.every(
    (bmc: unknown) =>
      typeof bmc === 'object' &&
      bmc !== null &&
      'name' in bmc &&
      'status' in bmc &&
      typeof bmc.status === 'string',
  );
}
