/** Where the verbs that edit the inventory find it, and how they make vbmcd take it over. */
import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { printable } from '../text/printable.ts';
import type { AppliedReload, RejectedReload, ReloadResult } from '../fleet/reload-result.ts';
import type { ArgumentDescription, OptionDescription, OptionValues } from './command.ts';
import { exchange } from './control-client.ts';
import { ControlFailure } from './control-failure.ts';
import { DEFAULT_INVENTORY } from './default-paths.ts';
import { exitCodes } from './exit-code.ts';

/** A reload returns when the new workers answer, and a hundred of them take their time. */
const RELOAD_DEADLINE_MS = 120_000;

export const inventoryOption: OptionDescription = {
  flags: '--inventory <file>',
  description: `the inventory (default: the one of the running vbmcd, else ${DEFAULT_INVENTORY})`,
};

export const inventoryFile: ArgumentDescription = {
  flags: '[file]',
  description: inventoryOption.description,
  completes: 'files',
};

export interface LiveInventory {
  readonly path: string;
  /** Whether a running vbmcd has this inventory. */
  readonly live: boolean;
}

/** The inventory of the running vbmcd, unless another one is asked for. Throws `ControlFailure`. */
export async function locateInventory(options: OptionValues): Promise<LiveInventory> {
  const asked = options['inventory'];
  const used = await daemonInventory(String(options['runDir']));
  if (typeof asked !== 'string') return { path: used ?? DEFAULT_INVENTORY, live: used !== undefined };
  return { path: asked, live: used !== undefined && (await sameFile(asked, used)) };
}

/** `undefined` when no vbmcd runs. */
async function daemonInventory(runDirectory: string): Promise<string | undefined> {
  try {
    const answer = readJson(await exchange(runDirectory, 'GET', '/v1/status'));
    if (isRecord(answer) && typeof answer['inventoryPath'] === 'string') return answer['inventoryPath'];
    throw new ControlFailure('vbmcd does not tell its inventory: name it with --inventory', exitCodes.failed);
  } catch (error) {
    if (error instanceof ControlFailure && error.exitCode === exitCodes.daemonNotRunning) return undefined;
    throw error;
  }
}

async function sameFile(one: string, other: string): Promise<boolean> {
  const real = async (path: string): Promise<string> => {
    try {
      return await realpath(path);
    } catch {
      return resolve(path);
    }
  };
  return (await real(one)) === (await real(other));
}

/** Returns when the inventory is live, or when vbmcd has refused it. Throws `ControlFailure`. */
export async function requestReload(runDirectory: string): Promise<ReloadResult> {
  const answer = await exchange(runDirectory, 'POST', '/v1/reload', RELOAD_DEADLINE_MS);
  const result = readJson(answer);
  if (isApplied(result) || isRejected(result)) return result;
  const said = printable(answer.body.trim(), 500);
  throw new ControlFailure(
    `vbmcd answered the reload with status ${answer.status}: ${said}`,
    exitCodes.failed,
  );
}

function readJson({ body }: { readonly body: string }): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isApplied(value: unknown): value is AppliedReload {
  return isRecord(value) && value['outcome'] === 'applied' && Array.isArray(value['problems']);
}

function isRejected(value: unknown): value is RejectedReload {
  return isRecord(value) && value['outcome'] === 'rejected' && Array.isArray(value['errors']);
}
