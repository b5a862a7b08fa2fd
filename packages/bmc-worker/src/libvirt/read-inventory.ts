/** Reads what a domain's definition says of its virtual hardware. Loaded when first needed. */
import type { DomainInventory, PartStrings } from '../core/terms/domain-inventory.ts';
import type { DomainFacts } from '../core/terms/domain-action.ts';
import { failed, succeeded, type DomainConnection, type Result } from './domain-connection.ts';
import { parseDomain, type Element } from './domain-xml.ts';
import { machineStrings } from './machine-strings.ts';
import { domainFailure } from './virsh-error.ts';
import { attributeOf, child, children, textOf } from './xml-elements.ts';

/** Carries out a `readInventory` action. */
export async function readInventory(
  domain: DomainConnection,
): Promise<Result<Pick<DomainFacts, 'inventory'>>> {
  const dumped = await domain.run('dumpxml', '--inactive');
  if (!dumped.ok) return failed(dumped.failure);
  const root = parseDomain(dumped.stdout)?.documentElement;
  if (root === undefined || root === null)
    return failed(domainFailure('virshFailed', 'virsh dumpxml printed no domain XML'));
  return succeeded({ inventory: inventoryOf(root, domain.domainName) });
}

/** `domainName`: as the inventory of vbmc has it. */
export function inventoryOf(root: Element, domainName: string): DomainInventory {
  const os = child(root, 'os');
  const machine = machineStrings({
    hypervisor: attributeOf(root, 'type') ?? '',
    machineType: attributeOf(child(os, 'type'), 'machine'),
  });
  const title = textOf(child(root, 'title'));
  const uuid = textOf(child(root, 'uuid'));
  const shown = shownSysinfo(root, attributeOf(child(os, 'smbios'), 'mode') ?? 'emulate', machine);
  return {
    domainName: textOf(child(root, 'name')) ?? domainName,
    ...(title !== undefined && title !== '' && { title }),
    ...(uuid !== undefined && uuid !== '' && { uuid }),
    ...shown,
  };
}

type Shown = Pick<DomainInventory, 'biosVersion' | 'system' | 'baseBoard' | 'chassis'>;

/** `<sysinfo>` has no effect without `<smbios mode='sysinfo'/>`. With `host` the guest sees the host's strings, which are not read. */
function shownSysinfo(root: Element, mode: string, machine: PartStrings): Shown {
  if (mode === 'host') return { system: {}, chassis: {} };
  const { manufacturer, version } = machine;
  const chassis = without({ manufacturer, version });
  const sysinfo = children(root, 'sysinfo').find((one) => attributeOf(one, 'type') === 'smbios');
  if (mode !== 'sysinfo' || sysinfo === undefined) return { system: machine, chassis };
  const baseBoard = child(sysinfo, 'baseBoard');
  const biosVersion = stringsOf(child(sysinfo, 'bios')).version;
  // QEMU completes each structure that it shows from the machine's strings.
  return {
    ...(biosVersion !== undefined && { biosVersion }),
    system: { ...machine, ...stringsOf(child(sysinfo, 'system')) },
    ...(baseBoard !== undefined && { baseBoard: { ...machine, ...stringsOf(baseBoard) } }),
    chassis: { ...chassis, ...stringsOf(child(sysinfo, 'chassis')) },
  };
}

const names = ['manufacturer', 'product', 'version', 'serial', 'asset', 'sku'] as const;

function stringsOf(block: Element | undefined): PartStrings {
  const entries = block === undefined ? [] : children(block, 'entry');
  const valueOf = (name: string): string | undefined => {
    const text = textOf(entries.find((entry) => attributeOf(entry, 'name') === name));
    return text === '' ? undefined : text;
  };
  return without(Object.fromEntries(names.map((name) => [name, valueOf(name)])));
}

function without(strings: Readonly<Record<string, string | undefined>>): PartStrings {
  return Object.fromEntries(Object.entries(strings).filter(([, text]) => text !== undefined));
}
