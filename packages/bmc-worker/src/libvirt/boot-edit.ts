/**
 * Boot overrides as functions from one definition to another. Pure. Imports the XML parser, so it is itself imported
 * only when first needed.
 */
import type { BootFlags } from '@vbmc/ipmi-codec';
import {
  nameOfClass,
  restored,
  selectorMeaning,
  isUnchanged,
  withClassFirst,
  withSetupMenu,
  type BootOrder,
  type SelectorMeaning,
} from './boot-order.ts';
import { readBootOrder, withoutFirmwareBoot, writeBootOrder } from './domain-document.ts';
import { parseDomain, serializeDomain, type Element } from './domain-xml.ts';
import { readOverride, writeOverride, type BootOverride } from './override-element.ts';
import type { OverrideSummary } from './override-summary.ts';

export type BootEdit =
  | {
      readonly kind: 'changed';
      readonly xml: string;
      /** Whether a definition has the boot order and override of this edit, for reading back. */
      readonly isIn: (xml: string) => boolean;
    }
  | { readonly kind: 'unchanged' }
  /** The definition cannot express the request. */
  | { readonly kind: 'refused'; readonly why: string }
  /** The text is not a domain's XML. */
  | { readonly kind: 'unreadable' };

/** The order to return to. If another program has edited the boot elements since the override, its edit stays. */
function orderWithoutOverride(root: Element, override: BootOverride | undefined): BootOrder {
  const present = readBootOrder(root);
  if (override === undefined || !isUnchanged(override.written, present)) return present;
  return restored(override.original, present);
}

function arranged(
  original: BootOrder,
  meaning: Extract<SelectorMeaning, { readonly kind: 'class' | 'setup' }>,
): { readonly written: BootOrder } | { readonly why: string } {
  if (meaning.kind === 'setup') return { written: withSetupMenu(original) };
  const written = withClassFirst(original, meaning.bootClass);
  return written === undefined ? { why: `the domain has no ${nameOfClass[meaning.bootClass]}` } : { written };
}

function sameFlags(a: BootFlags, b: BootFlags): boolean {
  return (
    a.device === b.device &&
    a.persistent === b.persistent &&
    a.efi === b.efi &&
    a.firmwareRequests === b.firmwareRequests
  );
}

function edit(xml: string, change: (root: Element) => BootEdit | BootOverride | 'none'): BootEdit {
  const document = parseDomain(xml);
  const root = document?.documentElement;
  if (document === undefined || root === null || root === undefined) return { kind: 'unreadable' };
  const outcome = change(root);
  if (typeof outcome === 'object' && 'kind' in outcome) return outcome;
  const override = outcome === 'none' ? undefined : outcome;
  writeOverride(root, override);
  const order = readBootOrder(root);
  return { kind: 'changed', xml: serializeDomain(document), isIn: (text) => holds(text, order, override) };
}

function holds(xml: string, order: BootOrder, override: BootOverride | undefined): boolean {
  const root = parseDomain(xml)?.documentElement;
  if (root === null || root === undefined) return false;
  const present = readOverride(root);
  return (
    isUnchanged(order, readBootOrder(root)) &&
    present?.id === override?.id &&
    present?.phase === override?.phase
  );
}

/**
 * Makes the next boot, or all boots, follow `bootFlags`. The first override records the order that the
 * domain had; later ones keep that record, so that `clearBootOverride` returns to it. Repeating the same flags
 * changes nothing.
 *
 * `bootFlags.efi` is recorded and read back, and changes nothing: v2.0§28.13 has it choose between two
 * boot types "for BIOS that support both", and a domain's firmware supports one. So are `bootFlags.firmwareRequests`.
 *
 * @param id - the override's name, new with each; letters, digits and `-`.
 */
export function setBootOverride(xml: string, bootFlags: BootFlags, id: string): BootEdit {
  const meaning = selectorMeaning[bootFlags.device];
  if (!bootFlags.valid || meaning.kind === 'restore') return clearBootOverride(xml);
  if (meaning.kind === 'refused') return meaning;
  return edit(xml, (root) => {
    const why = withoutFirmwareBoot(root);
    if (why !== undefined) return { kind: 'refused', why };
    const override = readOverride(root);
    const inPlace = override !== undefined && isUnchanged(override.written, readBootOrder(root));
    if (inPlace && override.phase === 'armed' && sameFlags(override.bootFlags, bootFlags)) {
      return { kind: 'unchanged' };
    }
    const original = orderWithoutOverride(root, override);
    const order = arranged(original, meaning);
    if ('why' in order) return { kind: 'refused', why: order.why };
    writeBootOrder(root, order.written);
    return { id, bootFlags, phase: 'armed', original, written: order.written };
  });
}

/** The override that a definition has. */
export function overrideIn(xml: string): OverrideSummary | undefined {
  const root = parseDomain(xml)?.documentElement;
  return root === null || root === undefined ? undefined : readOverride(root);
}

/** Restores the order that the domain had before vbmc changed it, unless another program has changed it since. */
export function clearBootOverride(xml: string): BootEdit {
  return edit(xml, (root) => {
    const override = readOverride(root);
    if (override === undefined) return { kind: 'unchanged' };
    writeBootOrder(root, orderWithoutOverride(root, override));
    return 'none';
  });
}

/** Records whether a start that uses up the override is under way. */
export function setOverridePhase(xml: string, phase: 'armed' | 'booting'): BootEdit {
  return edit(xml, (root) => {
    const override = readOverride(root);
    if (override === undefined || override.phase === phase) return { kind: 'unchanged' };
    return { ...override, phase };
  });
}
