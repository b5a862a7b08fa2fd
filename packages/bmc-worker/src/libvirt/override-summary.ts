/** The start tag of our metadata element: enough for power actions, without an XML parser in memory. Pure. */
import { bootDevice, type BootDevice, type BootFlags } from '@vbmc/ipmi-codec';

/** The boot override that a definition, live or inactive, carries. */
export interface OverrideSummary {
  /** New for each override, so that it shows whether a running domain was started with this one. */
  readonly id: string;
  readonly bootFlags: BootFlags;
  readonly phase: OverridePhase;
}

/**
 * In the inactive definition:
 *
 * - `armed`: the next boot uses it.
 * - `booting`: written just before a boot that uses up a one-shot override. If it is still there later, the override may
 *   have been applied already, so it is not applied again.
 *
 * In the running domain's metadata, which libvirt copies from the inactive definition at a start:
 *
 * - `armed`, `booting`: a boot has used it, and the running QEMU still has its boot order.
 * - `applied`: the running QEMU has been given its boot order, and uses it at the next reset.
 * - `takenBack`: the running QEMU has been given the order of the inactive definition instead.
 */
export const overridePhases = ['armed', 'booting', 'applied', 'takenBack'] as const;
export type OverridePhase = (typeof overridePhases)[number];

/** The override, or why there is none: a domain may lack an inactive or a live definition. */
export type FoundOverride = OverrideSummary | 'none' | 'noDefinition';

/** Which override's boot order the running QEMU has; `undefined`: that of a definition without one. */
export function orderOf(live: FoundOverride): string | undefined {
  return typeof live === 'string' || live.phase === 'takenBack' ? undefined : live.id;
}

/** Whether a boot has used up the one-shot override that the inactive definition has. */
export function isUsedUp(config: OverrideSummary, live: FoundOverride): boolean {
  if (!isOneShot(config)) return false;
  if (config.phase === 'booting') return true;
  return typeof live !== 'string' && live.id === config.id && live.phase !== 'applied';
}

export function isOneShot(override: OverrideSummary): boolean {
  return !override.bootFlags.persistent;
}

function isBootDevice(text: string): text is BootDevice {
  return Object.hasOwn(bootDevice, text);
}

/** An operator may have edited the attribute: the byte must not reach other bytes of the boot flags. */
function isFirmwareRequests(value: number): boolean {
  return Number.isInteger(value) && value > 0 && value < 0x80;
}

/** Reads an override's attributes; `undefined` if we do not write such ones. */
export function readSummary(attribute: (name: string) => string | undefined): OverrideSummary | undefined {
  const [id, device] = [attribute('id'), attribute('device')];
  const [persistent, efi] = [attribute('persistent'), attribute('efi')];
  if (id === undefined || id === '' || device === undefined || !isBootDevice(device)) return undefined;
  const firmwareRequests = Number(attribute('firmwareRequests') ?? 0);
  const bootFlags = {
    ...{ valid: true, persistent: persistent === 'yes', efi: efi === 'yes', device },
    ...(isFirmwareRequests(firmwareRequests) && { firmwareRequests }),
  };
  const phase = overridePhases.find((each) => each === attribute('phase')) ?? 'armed';
  return { id, bootFlags, phase };
}

/** The attributes of our element. */
export function summaryAttributes({
  id,
  bootFlags,
  phase,
}: OverrideSummary): Readonly<Record<string, string>> {
  const { device, persistent, efi, firmwareRequests } = bootFlags;
  return {
    ...{ id, device, persistent: yesOrNo(persistent), efi: yesOrNo(efi), phase },
    ...(firmwareRequests !== undefined && { firmwareRequests: String(firmwareRequests) }),
  };
}

/** Our element for the running domain's metadata, as `virsh metadata --set` takes it: without its namespace. */
export function liveElement(override: OverrideSummary): string {
  const attributes = Object.entries(summaryAttributes(override)).map(([name, value]) => `${name}='${value}'`);
  return `<bootOverride ${attributes.join(' ')}/>`;
}

function yesOrNo(value: boolean): string {
  return value ? 'yes' : 'no';
}

/**
 * The boot flags of an override, as far as the inactive definition shows them; `undefined`: there are none.
 * `mayBeUsedUp`: it is a one-shot override, and only the running domain shows whether a boot has used it up.
 */
export function bootFlagsOf(element: string): BootFlags | 'mayBeUsedUp' | undefined {
  const override = parseOverrideSummary(element);
  return override && isOneShot(override) ? 'mayBeUsedUp' : override?.bootFlags;
}

/**
 * Reads the output of `virsh metadata --uri`, which prints the element without its prefix and namespace
 * (libvirt: virDomainObjGetMetadata). Our attribute values contain letters, digits and `-` only, so the
 * start tag needs no XML parser.
 */
export function parseOverrideSummary(stdout: string): OverrideSummary | undefined {
  const tag = /^\s*<(?:\w+:)?bootOverride\s([^>]*)>/.exec(stdout)?.[1];
  if (tag === undefined) return undefined;
  return readSummary((name) => new RegExp(`(?:^|\\s)${name}=["']([\\w-]*)["']`).exec(tag)?.[1]);
}
