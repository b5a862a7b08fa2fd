/** Applies a new inventory: as a whole if it is right, not at all if anything in it is wrong. */
import { planBmc, validSettings } from '../fleet/plan-fleet.ts';
import type { PlannedBmc } from '../fleet/reload-plan.ts';
import {
  countReload,
  type AppliedReload,
  type RejectedReload,
  type ReloadResult,
} from '../fleet/reload-result.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { joinRequests, RemovalGuard, type ReloadRequest } from '../fleet/removal-guard.ts';
import type { Clock } from '../host/clock.ts';
import { Refusal } from '../host/operator-error.ts';
import { refuseSystemErrors } from '../host/refuse-system-errors.ts';
import { formatDiagnostic } from '../inventory/diagnostic.ts';
import type { GlobalSettings } from '../inventory/global-settings.ts';
import { readInventory } from '../inventory/read-inventory.ts';
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

/** A new inventory without errors, read and ready to be applied. */
interface NewInventory {
  readonly settings: GlobalSettings;
  readonly bmcs: readonly PlannedBmc[];
  readonly warnings: readonly string[];
}

export class Reloader {
  readonly #options: ReloaderOptions;
  readonly #removalGuard = new RemovalGuard();
  /** Reloads follow one another; all calls that wait for the one under way share the next one. */
  readonly reload: (request: ReloadRequest) => Promise<ReloadResult>;

  constructor(options: ReloaderOptions) {
    this.#options = options;
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
      const texts = (severity: 'error' | 'warning'): readonly string[] =>
        inventory.diagnostics
          .filter((diagnostic) => diagnostic.severity === severity)
          .map((diagnostic) => formatDiagnostic(inventoryPath, diagnostic));
      warnings = texts('warning');
      const errors = texts('error');
      if (errors.length > 0) return { outcome: 'rejected', errors, warnings };
      const bmcs = validSettings(inventory.entries);
      const allowRemoval = request.allowRemoval || inventory.settings.allowRemoval === true;
      const names = bmcs.map(({ name }) => name);
      const removals = [fleet.names, names, { ...request, allowRemoval }, clock.now()] as const;
      const removal = this.#removalGuard.problem(...removals);
      if (removal !== undefined) {
        throw new Refusal(`${inventoryPath}: ${removal}`, { remedy: REMOVAL_REMEDY });
      }
      const authPaths = await refuseSystemErrors('cannot write SASL credentials', authFiles.write(bmcs));
      this.#removalGuard.accept(...removals);
      return {
        settings: inventory.settings,
        bmcs: bmcs.map((settings) => planBmc(settings, authPaths)),
        warnings,
      };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { outcome: 'rejected', errors: [problemText(error)], warnings };
    }
  }

  async #apply({ settings, bmcs, warnings }: NewInventory, startedMs: number): Promise<AppliedReload> {
    const { applySettings, authFiles, clock, fleet, lastInventory } = this.#options;
    const failures = await applySettings(settings);
    void lastInventory.store(bmcs.map(({ configuration }) => configuration.name));
    const { plan, problems } = await fleet.apply(bmcs);
    const leftOver = await authFiles.prune().then(
      () => [],
      (error: unknown) => [`SASL credentials that are no longer used could not be removed: ${String(error)}`],
    );
    const durationMs = Math.round(clock.now() - startedMs);
    return {
      outcome: 'applied',
      ...plan,
      problems,
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
      log('warn', `${status}: ${reason}`, { bmc: name });
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
