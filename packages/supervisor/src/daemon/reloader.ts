/**
 * Applies a new inventory: as a whole if it is right, not at all if anything in it is wrong. What is wrong in a file of VirtualBMC
 * concerns its BMC alone, which stays as it was.
 */
import { invalidListing, planBmc, validSettings } from '../fleet/plan-fleet.ts';
import type { PlannedBmc } from '../fleet/reload-plan.ts';
import {
  countReload,
  type AppliedReload,
  type ReloadProblem,
  type RejectedReload,
  type ReloadResult,
} from '../fleet/reload-result.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { joinRequests, RemovalGuard, type ReloadRequest } from '../fleet/removal-guard.ts';
import type { Clock } from '../host/clock.ts';
import { Refusal } from '../host/operator-error.ts';
import { refuseSystemErrors } from '../host/refuse-system-errors.ts';
import { withoutBadFiles, type AppliedFiles } from '../fleet/without-bad-files.ts';
import { formatDiagnostic, type Diagnostic } from '../inventory/diagnostic.ts';
import type { GlobalSettings } from '../inventory/global-settings.ts';
import type { InventoryEntry } from '../inventory/inventory.ts';
import { readInventory, type ReadInventory } from '../inventory/read-inventory.ts';
import type { BmcListing } from '../status/bmc-listing.ts';
import type { Log } from '../log/log.ts';
import type { LastInventory } from '../state-directory/last-inventory.ts';
import { counted } from '../text/counted.ts';
import { problemText } from '../text/problem.ts';
import type { VirtualBmcEnvironment } from '../virtualbmc/find-directory.ts';
import type { AuthFiles } from '../virsh/auth-files.ts';
import { oneAtATime } from '../supervision/one-at-a-time.ts';

const REMOVAL_REMEDY = 'if that is meant: vbmc reload --allow-removal, or allow_removal = yes in [vbmc]';

export interface ReloaderOptions {
  readonly inventoryPath: string;
  readonly virtualBmc: VirtualBmcEnvironment;
  /** The one that `fleet` was made of. */
  readonly inventory: ReadInventory;
  readonly fleet: Fleet;
  readonly authFiles: AuthFiles;
  readonly lastInventory: LastInventory;
  readonly clock: Clock;
  readonly log: Log;
  /** Tries again what could not be used. */
  readonly retry: () => Promise<void>;
  /** Resolves when the first start is over; a reload waits for it. */
  readonly untilStarted: () => Promise<void>;
  /** Applies what is not about a single BMC; returns what failed, one line each. */
  readonly applySettings: (settings: GlobalSettings) => Promise<readonly string[]>;
  readonly onResult: (result: ReloadResult) => void;
}

/** A new inventory without errors of its own, read and ready to be applied. */
interface NewInventory {
  readonly settings: GlobalSettings;
  /** With a listing for each BMC that does not run because of its file of VirtualBMC. */
  readonly bmcs: readonly (PlannedBmc | BmcListing)[];
  readonly theirs: AppliedFiles;
  /** Why BMCs are as before, or do not run, by their names. */
  readonly refused: ReadonlyMap<string, string>;
  readonly warnings: readonly string[];
}

export class Reloader {
  readonly #options: ReloaderOptions;
  readonly #removalGuard = new RemovalGuard();
  /** Others write VirtualBMC's files: those that vanish must not keep the inventory's own changes away. */
  readonly #theirRemovalGuard = new RemovalGuard();
  #theirs: AppliedFiles;
  /** Reloads follow one another; all calls that wait for the one under way share the next one. */
  readonly reload: (request: ReloadRequest) => Promise<ReloadResult>;

  constructor(options: ReloaderOptions) {
    this.#options = options;
    const { theirs } = parted(options.inventory);
    this.#theirs = new Map(validSettings(theirs).map((settings) => [settings.name, settings]));
    this.reload = oneAtATime((requests: readonly ReloadRequest[]) => this.#run(joinRequests(requests)));
  }

  async #run(request: ReloadRequest): Promise<ReloadResult> {
    const { clock, onResult, retry, untilStarted } = this.#options;
    await untilStarted();
    await retry();
    const startedMs = clock.now();
    const read = await this.#read(request);
    const result = 'outcome' in read ? read : await this.#apply(read, startedMs);
    this.#log(result);
    onResult(result);
    return result;
  }

  async #read(request: ReloadRequest): Promise<NewInventory | RejectedReload> {
    const { authFiles, clock, fleet, inventoryPath, virtualBmc } = this.#options;
    let warnings: readonly string[] = [];
    try {
      const reading = readInventory(inventoryPath, { virtualBmc });
      const inventory = await refuseSystemErrors('cannot read the inventory', reading);
      const text = (diagnostic: Diagnostic): string => formatDiagnostic(inventoryPath, diagnostic);
      warnings = inventory.diagnostics.filter(({ severity }) => severity === 'warning').map(text);
      const { own, theirs, ownErrors, directoryErrors } = parted(inventory);
      if (ownErrors.length > 0) return { outcome: 'rejected', errors: ownErrors.map(text), warnings };
      const allowRemoval = request.allowRemoval || inventory.settings.allowRemoval === true;
      const asked = { ...request, allowRemoval };
      const entryNames = [...own, ...theirs].map((entry) => (entry.valid ? entry.settings.name : entry.name));
      const theirRemovals = [[...this.#theirs.keys()], entryNames, asked, clock.now()] as const;
      // Nobody knows what has vanished from a directory that cannot be read.
      const vanished =
        directoryErrors.length === 0 ? this.#theirRemovalGuard.problem(...theirRemovals) : undefined;
      const isComplete = directoryErrors.length === 0 && vanished === undefined;
      const written = { own: validSettings(own), theirs, isComplete };
      const applicable = withoutBadFiles(written, this.#theirs);
      const bmcs = applicable.wanted;
      const names = [...bmcs.map(({ name }) => name), ...this.#theirs.keys()];
      const removals = [fleet.names, names, asked, clock.now()] as const;
      const removal = this.#removalGuard.problem(...removals);
      if (removal !== undefined) {
        throw new Refusal(`${inventoryPath}: ${removal}`, { remedy: REMOVAL_REMEDY });
      }
      const authPaths = await refuseSystemErrors('cannot write SASL credentials', authFiles.write(bmcs));
      this.#removalGuard.accept(...removals);
      if (isComplete) this.#theirRemovalGuard.accept(...theirRemovals);
      const lost = vanished === undefined ? [] : [`the files of VirtualBMC: ${vanished}: ${REMOVAL_REMEDY}`];
      const cause = [...directoryErrors.map(text), ...lost].join('; ');
      const refused = new Map([
        ...applicable.unread.map((name) => [name, cause] as const),
        ...applicable.refused.map(({ name, errors }) => [name, errors.map(text).join('; ')] as const),
      ]);
      // Without a BMC that could stay as it was, there is nothing else that tells it.
      if (!isComplete && applicable.unread.length === 0) warnings = [...warnings, cause];
      const stopped = applicable.refused.filter(({ name }) => !applicable.theirs.has(name));
      return {
        settings: inventory.settings,
        bmcs: [
          ...bmcs.map((settings): PlannedBmc => {
            const reason = refused.get(settings.name);
            const planned = planBmc(settings, authPaths);
            return reason === undefined ? planned : { ...planned, notice: asBefore(reason) };
          }),
          ...stopped.map((entry) => invalidListing(entry, inventoryPath)),
        ],
        theirs: applicable.theirs,
        refused,
        warnings,
      };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { outcome: 'rejected', errors: [problemText(error)], warnings };
    }
  }

  async #apply(read: NewInventory, startedMs: number): Promise<AppliedReload> {
    const { settings, bmcs, theirs, refused, warnings } = read;
    const { applySettings, authFiles, clock, fleet, lastInventory } = this.#options;
    const failures = await applySettings(settings);
    void lastInventory.store(bmcs.map((one) => ('configuration' in one ? one.configuration.name : one.name)));
    this.#theirs = theirs;
    const { plan, problems } = await fleet.apply(bmcs);
    const refusals = fleet.figures().flatMap(({ listing: { name, status } }): ReloadProblem[] => {
      const reason = refused.get(name);
      if (reason === undefined) return [];
      const text = status === 'invalid' ? reason : asBefore(reason);
      return [{ name, status, reason: text, awaitsAddress: false }];
    });
    const leftOver = await authFiles.prune().then(
      () => [],
      (error: unknown) => [`SASL credentials that are no longer used could not be removed: ${String(error)}`],
    );
    const durationMs = Math.round(clock.now() - startedMs);
    return {
      outcome: 'applied',
      ...plan,
      problems: [...problems.filter(({ name }) => !refused.has(name)), ...refusals],
      refused: refusals.map(({ name }) => name),
      warnings: [...warnings, ...failures, ...leftOver],
      durationMs,
    };
  }

  #log(result: ReloadResult): void {
    const { inventoryPath, log } = this.#options;
    for (const warning of result.warnings) log('warn', warning);
    if (result.outcome === 'rejected') {
      const [reason = '', ...others] = result.errors;
      const more = others.length === 0 ? '' : ` (and ${counted(others.length, 'more error')}: see the log)`;
      const message = `reload of ${inventoryPath} rejected, nothing was changed: ${reason}${more}`;
      log('error', message, { event: 'reloadRejected', errors: result.errors.length, reason });
      for (const error of others) log('error', error);
      return;
    }
    for (const { name, status, reason } of result.problems) {
      const isRefused = result.refused.includes(name);
      const event = isRefused ? ({ event: 'virtualBmcFileRefused' } as const) : {};
      log('warn', `${status}: ${reason}`, { bmc: name, ...event });
    }
    const { added, removed, changed, updated, started, stopped, unchanged, durationMs } = result;
    const seconds = (durationMs / 1000).toFixed(2);
    log('info', `reloaded ${inventoryPath} in ${seconds} s: ${countReload(result)}`, {
      event: 'reloaded',
      added: added.length,
      removed: removed.length,
      changed: changed.length,
      updated: updated.length,
      started: started.length,
      stopped: stopped.length,
      unchanged: unchanged.length,
      problems: result.problems.length,
      durationMs,
    });
  }
}

function asBefore(reason: string): string {
  return `it is as before, because its file does not apply: ${reason}`;
}

interface Parted {
  readonly own: readonly InventoryEntry[];
  readonly theirs: readonly InventoryEntry[];
  readonly directoryErrors: readonly Diagnostic[];
  /** All errors but those of VirtualBMC's files and their directory. */
  readonly ownErrors: readonly Diagnostic[];
}

function parted({ entries, diagnostics, theirFiles, directoryDiagnostics }: ReadInventory): Parted {
  const isTheirs = ({ file }: { readonly file?: string }): boolean =>
    file !== undefined && theirFiles.has(file);
  const ofDirectory = new Set(directoryDiagnostics);
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  return {
    own: entries.filter((entry) => !isTheirs(entry)),
    theirs: entries.filter(isTheirs),
    directoryErrors: errors.filter((error) => ofDirectory.has(error)),
    ownErrors: errors.filter((error) => !ofDirectory.has(error) && !isTheirs(error)),
  };
}
