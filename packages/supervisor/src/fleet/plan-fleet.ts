/** Plans the fleet from the entries of an inventory. */
import type { BmcListing } from '../status/bmc-listing.ts';
import type { PlannedBmc } from './reload-plan.ts';
import { formatDiagnostic } from '../inventory/diagnostic.ts';
import type { BmcSettings, InvalidEntry, InventoryEntry } from '../inventory/inventory.ts';
import { toConfiguration } from './worker-configuration.ts';

/** The settings of the valid entries. */
export function validSettings(entries: readonly InventoryEntry[]): BmcSettings[] {
  return entries.flatMap((entry) => (entry.valid ? [entry.settings] : []));
}

/** `authPaths` has, by the BMC's name, the path of the file with its SASL credentials. */
export function planBmc(settings: BmcSettings, authPaths: ReadonlyMap<string, string>): PlannedBmc {
  return {
    active: settings.active,
    configuration: toConfiguration(settings, authPaths.get(settings.name)),
  };
}

/** An invalid entry becomes a listing, whose reason begins with `inventoryName`. */
export function planFleet(
  entries: readonly InventoryEntry[],
  inventoryName: string,
  authPaths: ReadonlyMap<string, string>,
): (PlannedBmc | BmcListing)[] {
  return entries.map((entry) =>
    entry.valid ? planBmc(entry.settings, authPaths) : invalidListing(entry, inventoryName),
  );
}

export function invalidListing(entry: InvalidEntry, inventoryName: string): BmcListing {
  return {
    name: entry.name,
    domain: entry.domainName,
    address: entry.address,
    port: entry.port,
    status: 'invalid',
    reason: entry.errors.map((error) => formatDiagnostic(inventoryName, error)).join('; '),
    warning: null,
    powerState: 'unknown',
    powerFailure: null,
    domainState: null,
    pid: null,
    restarts: 0,
    unanswered: null,
    identify: 'off',
  };
}
