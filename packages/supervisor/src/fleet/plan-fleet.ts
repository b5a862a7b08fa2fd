/** From the entries of an inventory to what the fleet is to be. */
import type { BmcListing } from '../status/bmc-listing.ts';
import type { PlannedBmc } from './reload-plan.ts';
import { formatDiagnostic } from '../inventory/diagnostic.ts';
import type { InvalidEntry, InventoryEntry } from '../inventory/inventory.ts';
import { toConfiguration } from './worker-configuration.ts';

/**
 * A listing stands for an invalid entry; `inventoryName` is what its reason begins with. `authPaths` has, by the
 * BMC's name, the path of the file with its SASL credentials.
 */
export function planFleet(
  entries: readonly InventoryEntry[],
  inventoryName: string,
  authPaths: ReadonlyMap<string, string>,
): (PlannedBmc | BmcListing)[] {
  return entries.map((entry) => {
    if (!entry.valid) return invalidListing(entry, inventoryName);
    const { active, name } = entry.settings;
    return { active, configuration: toConfiguration(entry.settings, authPaths.get(name)) };
  });
}

function invalidListing(entry: InvalidEntry, inventoryName: string): BmcListing {
  return {
    name: entry.name,
    domain: entry.domainName,
    address: entry.address,
    port: entry.port,
    status: 'invalid',
    reason: entry.errors.map((error) => formatDiagnostic(inventoryName, error)).join('; '),
    powerState: 'unknown',
    domainState: null,
    pid: null,
    restarts: 0,
  };
}
