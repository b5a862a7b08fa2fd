/** Brings a new inventory into force: whole if it is right, not at all if anything in it is wrong. */
import { oneAtATime } from './one-at-a-time.ts';
import { countReload, type RejectedReload, type ReloadResult } from '../fleet/reload-result.ts';
import { formatDiagnostic } from '../inventory/diagnostic.ts';
import type { GlobalSettings } from '../inventory/global-settings.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { AuthFiles } from '../virsh/auth-files.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { Log } from '../log/log.ts';
import { readInventory } from '../inventory/read-inventory.ts';
import { toConfiguration } from '../fleet/worker-configuration.ts';

export interface ReloaderOptions {
  readonly inventoryPath: string;
  readonly fleet: Fleet;
  readonly authFiles: AuthFiles;
  readonly log: Log;
  /** Settles when the first start is over: until then a reload waits. */
  readonly started: Promise<void>;
  /** Brings what is not about a single BMC into force; returns what did not work, for people. */
  readonly applySettings: (settings: GlobalSettings) => Promise<readonly string[]>;
  /** Told of what came of each. */
  readonly onResult: (result: ReloadResult) => void;
}

/** The function that reloads; its calls follow one another, and those that wait share one reload. */
export function createReload(options: ReloaderOptions): () => Promise<ReloadResult> {
  return oneAtATime(async () => {
    await options.started;
    const result = await reload(options);
    report(result, options);
    options.onResult(result);
    return result;
  });
}

async function reload(options: ReloaderOptions): Promise<ReloadResult> {
  const { inventoryPath: path, authFiles } = options;
  const startedMs = performance.now();
  const inventory = await attempt(`${path}: cannot be read`, readInventory(path));
  if ('outcome' in inventory) return inventory;
  const texts = (severity: 'error' | 'warning'): readonly string[] =>
    inventory.diagnostics
      .filter((diagnostic) => diagnostic.severity === severity)
      .map((diagnostic) => formatDiagnostic(path, diagnostic));
  const [errors, warnings] = [texts('error'), texts('warning')];
  if (errors.length > 0) return { outcome: 'rejected', errors, warnings };
  const settings = inventory.entries.flatMap((entry) => (entry.valid ? [entry.settings] : []));
  const authPaths = await attempt('cannot write SASL credentials', authFiles.write(settings));
  if ('outcome' in authPaths) return { ...authPaths, warnings };
  return apply(inventory, authPaths, warnings, startedMs, options);
}

/** What the operating system refuses rejects the reload as an error in the inventory does. */
async function attempt<T extends object>(what: string, promise: Promise<T>): Promise<T | RejectedReload> {
  try {
    return await promise;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    return { outcome: 'rejected', errors: [`${what}: ${error.message}`], warnings: [] };
  }
}

async function apply(
  inventory: Inventory,
  authPaths: ReadonlyMap<string, string>,
  warnings: readonly string[],
  startedMs: number,
  { fleet, authFiles, applySettings }: ReloaderOptions,
): Promise<ReloadResult> {
  const settings = inventory.entries.flatMap((entry) => (entry.valid ? [entry.settings] : []));
  const unmet = await applySettings(inventory.settings);
  const { plan, problems } = await fleet.apply(
    settings.map((one) => ({
      active: one.active,
      configuration: toConfiguration(one, authPaths.get(one.name)),
    })),
  );
  await authFiles.prune();
  const durationMs = Math.round(performance.now() - startedMs);
  return { outcome: 'applied', ...plan, problems, warnings: [...warnings, ...unmet], durationMs };
}

function report(result: ReloadResult, { log, inventoryPath }: ReloaderOptions): void {
  for (const warning of result.warnings) log('warn', warning);
  if (result.outcome === 'rejected') {
    for (const error of result.errors) log('error', error);
    const message = `reload of ${inventoryPath} rejected, nothing was changed (errors: ${result.errors.length})`;
    log('error', message, { event: 'reloadRejected', errors: result.errors.length });
    return;
  }
  for (const { name, status, reason } of result.problems) log('warn', `${status}: ${reason}`, { bmc: name });
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
