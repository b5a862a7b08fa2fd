/** The start tag of our metadata element: enough for power actions, without an XML parser in memory. Pure. */
import { bootDevice, type BootDevice, type BootFlags } from '@vbmc/ipmi-codec';

/** The boot override that a definition, live or inactive, carries. */
export interface OverrideSummary {
  /** New for each override, so that it shows whether a running domain was started with this one. */
  readonly id: string;
  readonly bootFlags: BootFlags;
  /**
   * `booting` is written just before a start that uses up a one-shot override. If it is still there later, the
   * override may have been applied already, so it is not applied again.
   */
  readonly phase: OverridePhase;
}

export type OverridePhase = 'armed' | 'booting';

export function isOneShot(override: OverrideSummary): boolean {
  return !override.bootFlags.persistent;
}

function isBootDevice(text: string): text is BootDevice {
  return Object.hasOwn(bootDevice, text);
}

/** Reads an override's attributes; `undefined` if we do not write such ones. */
export function readSummary(attribute: (name: string) => string | undefined): OverrideSummary | undefined {
  const [id, device] = [attribute('id'), attribute('device')];
  const [persistent, efi] = [attribute('persistent'), attribute('efi')];
  if (id === undefined || id === '' || device === undefined || !isBootDevice(device)) return undefined;
  const bootFlags = { valid: true, persistent: persistent === 'yes', efi: efi === 'yes', device };
  return { id, bootFlags, phase: attribute('phase') === 'booting' ? 'booting' : 'armed' };
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
