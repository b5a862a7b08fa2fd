/**
 * Boot overrides as functions from a definition to a definition. Pure; loads the XML parser, so it is
 * itself imported when first needed.
 */
import type { BootFlags } from '@vbmc/ipmi-codec';
import {
  restored,
  selectorMeaning,
  stillStands,
  withClassFirst,
  withSetupMenu,
  type BootOrder,
} from './boot-order.ts';
import { readBootOrder, withoutFirmwareBoot, writeBootOrder } from './domain-document.ts';
import { parseDomain, serializeDomain, type Element } from './domain-xml.ts';
import { readOverride, writeOverride, type BootOverride } from './override-element.ts';
import type { OverridePhase } from './override-summary.ts';

export type BootEdit =
  | {
      readonly kind: 'changed';
      readonly xml: string;
      /** Whether a definition that was read back has this edit's boot order and override. */
      readonly isIn: (xml: string) => boolean;
    }
  | { readonly kind: 'unchanged' }
  /** The definition cannot express what is asked for. */
  | { readonly kind: 'refused'; readonly why: string }
  /** Not a domain's XML at all. */
  | { readonly kind: 'unreadable' };

/** The order to go back to. An override whose boot elements somebody has edited since has lost its claim. */
function orderWithoutOverride(root: Element, override: BootOverride | undefined): BootOrder {
  const present = readBootOrder(root);
  if (override === undefined || !stillStands(override.written, present)) return present;
  return restored(override.original, present);
}

function sameFlags(a: BootFlags, b: BootFlags): boolean {
  return a.device === b.device && a.persistent === b.persistent && a.efi === b.efi;
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
    stillStands(order, readBootOrder(root)) &&
    present?.id === override?.id &&
    present?.phase === override?.phase
  );
}

/**
 * Makes the next boot, or all of them, follow `bootFlags`. The first override records the order that the
 * domain had; later ones keep that record, so that `clearBootOverride` returns to it. The same flags
 * again change nothing.
 *
 * `bootFlags.efi` is recorded and read back, and changes nothing: v2.0§28.13 has it choose between two
 * boot types "for BIOS that support both", and a domain's firmware supports one.
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
    const stands = override !== undefined && stillStands(override.written, readBootOrder(root));
    if (stands && override.phase === 'armed' && sameFlags(override.bootFlags, bootFlags)) {
      return { kind: 'unchanged' };
    }
    const original = orderWithoutOverride(root, override);
    const written =
      meaning.kind === 'setup' ? withSetupMenu(original) : withClassFirst(original, meaning.bootClass);
    if (written === undefined) {
      return {
        kind: 'refused',
        why: `the domain has no ${bootFlags.device} device, and per-device boot orders`,
      };
    }
    writeBootOrder(root, written);
    return { id, bootFlags, phase: 'armed', original, written };
  });
}

/** Returns to the order that the domain had before vbmc touched it, or leaves what somebody else wrote since. */
export function clearBootOverride(xml: string): BootEdit {
  return edit(xml, (root) => {
    const override = readOverride(root);
    if (override === undefined) return { kind: 'unchanged' };
    writeBootOrder(root, orderWithoutOverride(root, override));
    return 'none';
  });
}

/** Notes whether a start that uses up the override is under way. */
export function setOverridePhase(xml: string, phase: OverridePhase): BootEdit {
  return edit(xml, (root) => {
    const override = readOverride(root);
    if (override === undefined || override.phase === phase) return { kind: 'unchanged' };
    return { ...override, phase };
  });
}
