/** Proposes a section for each domain without a BMC. Pure: the caller passes in the generator of passwords. */
import type { Inventory, InventoryEntry } from '../inventory/inventory.ts';
import { bmcNameProblem } from '../inventory/section-name.ts';
import type { Key } from './edit-inventory.ts';
import type { ProposedSection } from './proposed-sections.ts';

const HIGHEST_PORT = 65_535;

export interface Discovery {
  readonly found: readonly { readonly connectionUri: string; readonly domains: readonly string[] }[];
  readonly firstPort: number;
  readonly generatePassword: () => string;
}

/** One section for each domain that has no BMC on its connection, as long as there are unused ports. */
export function discoverSections(inventory: Inventory, discovery: Discovery): readonly ProposedSection[] {
  const { found, firstPort, generatePassword } = discovery;
  const names = new Set(inventory.entries.map((entry) => (entry.valid ? entry.settings.name : entry.name)));
  const ports = new Set(inventory.entries.map((entry) => (entry.valid ? entry.settings.port : entry.port)));
  const sections: ProposedSection[] = [];
  let port = firstPort;
  const all = found.flatMap(({ connectionUri, domains }) =>
    domains.map((domain) => ({ connectionUri, domain })),
  );
  for (const { connectionUri, domain } of all) {
    if (inventory.entries.some((entry) => hasDomain(entry, domain, connectionUri))) continue;
    while (ports.has(port)) port += 1;
    if (port > HIGHEST_PORT) break;
    const name = freeSectionName(domain, names);
    names.add(name);
    ports.add(port);
    const keys: Key[] = [
      ...(name === domain ? [] : [['domain_name', domain] as const]),
      ['port', String(port)],
      ['password', generatePassword()],
      ['libvirt_uri', connectionUri],
    ];
    sections.push({ name, keys });
  }
  return sections;
}

/** An invalid entry counts by its domain alone: a second BMC would conflict with it once it is corrected. */
function hasDomain(entry: InventoryEntry, domain: string, connectionUri: string): boolean {
  if (!entry.valid) return entry.domainName === domain;
  const { settings } = entry;
  return settings.domainName === domain && settings.connectionUri === connectionUri;
}

/** The domain's name if it is a valid and unused section name; otherwise a name made from it. */
export function freeSectionName(domain: string, names: ReadonlySet<string>): string {
  const usable = bmcNameProblem(domain) === undefined ? domain : domain.replaceAll(/[^A-Za-z0-9._-]+/g, '-');
  const base = bmcNameProblem(usable) === undefined ? usable : `${usable}-bmc`;
  let name = base;
  for (let count = 2; names.has(name); count += 1) name = `${base}-${count}`;
  return name;
}
