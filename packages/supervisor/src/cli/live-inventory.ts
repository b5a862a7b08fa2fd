/** Where the verbs find the inventory, and how they make vbmcd reload it. */
import { realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { isRootAlones } from '../host/root-alone.ts';
import { clientSocketPath } from '../host/run-directory.ts';
import { printable } from '../text/printable.ts';
import { isRecord } from '../text/records.ts';
import { findDirectory, ownEnvironment, type VirtualBmcEnvironment } from '../virtualbmc/find-directory.ts';
import type { AppliedReload, RejectedReload, ReloadResult } from '../fleet/reload-result.ts';
import { plainReload, type ReloadRequest } from '../fleet/removal-guard.ts';
import type { ArgumentDescription } from './command.ts';
import { exchange, readObject } from './control-client.ts';
import { ControlFailure } from './errors.ts';
import { text } from './options.ts';
import { defaultPaths, pathTexts, systemPaths } from './paths.ts';
import { exitCodes } from './exit-code.ts';

/** A reload returns once all new workers answer, which takes long for a hundred of them. */
const RELOAD_DEADLINE_MS = 120_000;
/** In characters: a path has at most 4,096 bytes. */
const LONGEST_MESSAGE = 5_000;
/** vbmcd takes 8,192 bytes of request line and headers. */
const LONGEST_QUERY = 4_096;

export const inventoryOption = text(
  '<file>',
  `the inventory (default: that of the running vbmcd, else ${pathTexts.inventory})`,
);

export const inventoryFile: ArgumentDescription = {
  flags: '[file]',
  description: inventoryOption.description,
  completes: 'files',
};

/** The options that decide which inventory is meant. */
export interface InventoryChoice {
  readonly runDir: string;
  readonly inventory?: string | undefined;
}

export interface LiveInventory {
  readonly path: string;
  /** Whether a running vbmcd uses this inventory. */
  readonly live: boolean;
  /** What decides whether VirtualBMC's own files are a part of it: that of vbmcd, else that of this process. */
  readonly virtualBmc: VirtualBmcEnvironment;
}

/**
 * The inventory of the running vbmcd, unless the command line names another. What another user's vbmcd says does not decide which
 * files root reads and edits. Throws `ControlFailure`.
 */
export async function locateInventory(
  { runDir, inventory }: InventoryChoice,
  asker: { readonly isRoot: boolean; readonly own: VirtualBmcEnvironment } = {
    isRoot: process.geteuid?.() === 0,
    own: ownEnvironment(),
  },
): Promise<LiveInventory> {
  const { isRoot, own: virtualBmc } = asker;
  const told = await daemonInventory(runDir);
  const own = { path: inventory ?? defaultPaths().inventory, live: false, virtualBmc };
  if (told === undefined) return own;
  const isLive = inventory === undefined || (await sameFile(inventory, told.path));
  if (!isLive) return own;
  const used = { ...told, ...(inventory !== undefined && { path: inventory }), live: true };
  if (!isRoot || (await isRootAlones(clientSocketPath(runDir)))) return used;
  return { ...used, ...(await believed(told, { runDir, inventory }, virtualBmc)) };
}

/** What root believes of a vbmcd that another user may run. */
async function believed(
  { path, virtualBmc }: DaemonInventory,
  { runDir, inventory }: InventoryChoice,
  own: VirtualBmcEnvironment,
): Promise<DaemonInventory> {
  const { configFile } = virtualBmc;
  const by = `the vbmcd of ${runDir}, which another user than root may run,`;
  const asUser = 'run vbmc as the user of that vbmcd';
  if (inventory === undefined && !(await sameFile(path, systemPaths.inventory))) {
    throw new ControlFailure(
      exitCodes.failed,
      printable(
        `${by} names ${path} as its inventory, and root does not use what such a user names`,
        LONGEST_MESSAGE,
      ),
      `${asUser}, or name the inventory with --inventory`,
    );
  }
  if (configFile !== undefined && configFile !== own.configFile && !(await isRootAlones(configFile))) {
    throw new ControlFailure(
      exitCodes.failed,
      printable(
        `${by} names ${configFile} as the settings of VirtualBMC, and root does not use what such a user names`,
        LONGEST_MESSAGE,
      ),
      `${asUser}, or set VIRTUALBMC_CONFIG for vbmc too`,
    );
  }
  if (configFile === undefined)
    return { path: inventory ?? systemPaths.inventory, virtualBmc: { home: own.home } };
  // Where the settings do not name a directory, that of the home directory counts, which such a vbmcd names as it likes.
  const ofRoot = { home: own.home, configFile };
  const [theirs, roots] = [await leadsTo(virtualBmc), await leadsTo(ofRoot)];
  if (theirs !== roots) {
    throw new ControlFailure(
      exitCodes.failed,
      printable(
        `${by} reads the BMCs of VirtualBMC in ${theirs ?? virtualBmc.home}, and root does not use what such a user names`,
        LONGEST_MESSAGE,
      ),
      `${asUser}, or write config_dir into ${printable(configFile, LONGEST_MESSAGE)}`,
    );
  }
  return { path: inventory ?? systemPaths.inventory, virtualBmc: ofRoot };
}

/** `undefined`: the settings cannot be followed, so no directory is read. */
async function leadsTo(environment: VirtualBmcEnvironment): Promise<string | undefined> {
  const { path, errors } = await findDirectory(environment);
  return errors.length === 0 ? path : undefined;
}

type DaemonInventory = Pick<LiveInventory, 'path' | 'virtualBmc'>;

/** `undefined` when no vbmcd runs. */
async function daemonInventory(runDirectory: string): Promise<DaemonInventory | undefined> {
  try {
    const { inventoryPath, virtualBmc } = readObject(await exchange(runDirectory, 'GET', '/v1/status'));
    if (typeof inventoryPath === 'string') {
      return { path: inventoryPath, virtualBmc: readEnvironment(virtualBmc) };
    }
    const message = 'vbmcd does not say which inventory it uses';
    throw new ControlFailure(exitCodes.failed, message, 'name it with --inventory');
  } catch (error) {
    if (error instanceof ControlFailure && error.exitCode === exitCodes.daemonNotRunning) return undefined;
    throw error;
  }
}

function readEnvironment(answered: unknown): VirtualBmcEnvironment {
  const { configFile, home } = isRecord(answered) ? answered : {};
  if (typeof home !== 'string') return { home: homedir() };
  return { home, ...(typeof configFile === 'string' && { configFile }) };
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

/** Returns once vbmcd has applied or rejected the inventory. Throws `ControlFailure`. */
export async function requestReload(
  runDirectory: string,
  request: ReloadRequest = plainReload,
): Promise<ReloadResult> {
  const answer = await exchange(runDirectory, 'POST', reloadPath(request), RELOAD_DEADLINE_MS);
  const result: object = readObject(answer);
  if (isApplied(result) || isRejected(result)) return result;
  const body = printable(answer.body.trim(), 500);
  throw new ControlFailure(
    exitCodes.failed,
    `vbmcd answered the reload with status ${answer.status}: ${body}`,
  );
}

function reloadPath({ allowRemoval, removes }: ReloadRequest): string {
  const query = new URLSearchParams(removes.map((name): [string, string] => ['removes', name]));
  // Whoever deletes more names than a request may have removes most BMCs anyway.
  if (allowRemoval || query.toString().length > LONGEST_QUERY) return '/v1/reload?allow_removal=1';
  return removes.length === 0 ? '/v1/reload' : `/v1/reload?${query.toString()}`;
}

function isApplied(value: object): value is AppliedReload {
  return (
    'outcome' in value && value.outcome === 'applied' && 'problems' in value && Array.isArray(value.problems)
  );
}

function isRejected(value: object): value is RejectedReload {
  return (
    'outcome' in value && value.outcome === 'rejected' && 'errors' in value && Array.isArray(value.errors)
  );
}
