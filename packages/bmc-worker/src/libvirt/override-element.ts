/**
 * Our one element in a domain's `<metadata>`: the current boot override, the order the domain had before
 * and the order we wrote. It is part of the definition that it explains, so that no crash can separate them, and
 * `virsh define` changes both at once.
 *
 *     <vbmc:bootOverride xmlns:vbmc="urn:x-vbmc:boot-override:1" id="…" device="pxe" persistent="no" efi="yes" phase="armed" alone="yes">
 *       <vbmc:original><vbmc:device key="disk:vda" order="1"/></vbmc:original>
 *       <vbmc:written><vbmc:device key="interface:52:54:00:00:00:01" order="1"/>…</vbmc:written>
 *     </vbmc:bootOverride>
 */
import type { BootOrder } from './boot-order.ts';
import { readBootMenu } from './domain-document.ts';
import type { Element, Node } from './domain-xml.ts';
import { OVERRIDE_NAMESPACE } from './override-metadata.ts';
import { readSummary, summaryAttributes, type OverrideSummary } from './override-summary.ts';
import { attributeOf, child, children } from './xml-elements.ts';

export interface BootOverride extends OverrideSummary {
  readonly original: BootOrder;
  readonly written: BootOrder;
}

function findElement(root: Element): Element | undefined {
  const metadata = child(root, 'metadata');
  return metadata && child(metadata, 'bootOverride', OVERRIDE_NAMESPACE);
}

/** Reads our element; `undefined` if there is none, or one that we cannot have written. */
export function readOverride(root: Element): BootOverride | undefined {
  const element = findElement(root);
  const original = element && child(element, 'original', OVERRIDE_NAMESPACE);
  const written = element && child(element, 'written', OVERRIDE_NAMESPACE);
  if (original === undefined || written === undefined) return undefined;
  const summary = readSummary((name) => attributeOf(element, name));
  return summary && { ...summary, original: readOrder(original), written: readOrder(written) };
}

/** Inserts or replaces our element; `undefined` removes it. */
export function writeOverride(root: Element, override: BootOverride | undefined): void {
  const alone = removeElement(root) ?? child(root, 'metadata') === undefined;
  if (override === undefined) {
    if (alone) removeEmptyMetadata(root);
    return;
  }
  const metadata = child(root, 'metadata') ?? append(root, null, 'metadata');
  const element = append(metadata, OVERRIDE_NAMESPACE, 'vbmc:bootOverride', {
    ...summaryAttributes(override),
    // We have added `<metadata>` too. It is removed with our element if it is otherwise empty by then.
    alone: alone ? 'yes' : 'no',
  });
  writeOrder(append(element, OVERRIDE_NAMESPACE, 'vbmc:original'), override.original);
  writeOrder(append(element, OVERRIDE_NAMESPACE, 'vbmc:written'), override.written);
}

/** Removes our element and returns its `alone`; `undefined` if there was none. */
function removeElement(root: Element): boolean | undefined {
  const element = findElement(root);
  element?.parentNode?.removeChild(element);
  return element && attributeOf(element, 'alone') === 'yes';
}

function removeEmptyMetadata(root: Element): void {
  const metadata = child(root, 'metadata');
  const isBlank = (node: Node): boolean => node.nodeType === 3 && node.nodeValue?.trim() === '';
  if (metadata !== undefined && [...metadata.childNodes].every(isBlank)) root.removeChild(metadata);
}

function append(
  parent: Element,
  namespace: string | null,
  name: string,
  attributes: Readonly<Record<string, string>> = {},
): Element {
  const { ownerDocument } = parent;
  if (ownerDocument === null) throw new Error(`<${parent.tagName}> belongs to no document`);
  const element = ownerDocument.createElementNS(namespace, name);
  parent.appendChild(element);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

function readOrder(element: Element): BootOrder {
  const menu = child(element, 'bootmenu', OVERRIDE_NAMESPACE);
  return {
    osBoot: children(element, 'boot', OVERRIDE_NAMESPACE).map((boot) => attributeOf(boot, 'dev') ?? ''),
    ...(menu && { bootMenu: readBootMenu((name) => attributeOf(menu, name)) }),
    devices: children(element, 'device', OVERRIDE_NAMESPACE).map((device) => {
      const order = attributeOf(device, 'order');
      return { key: attributeOf(device, 'key') ?? '', ...(order !== undefined && { order }) };
    }),
  };
}

function writeOrder(parent: Element, order: BootOrder): void {
  for (const dev of order.osBoot) append(parent, OVERRIDE_NAMESPACE, 'vbmc:boot', { dev });
  if (order.bootMenu !== undefined)
    append(parent, OVERRIDE_NAMESPACE, 'vbmc:bootmenu', { ...order.bootMenu });
  for (const { key, order: text } of order.devices) {
    if (text !== undefined) append(parent, OVERRIDE_NAMESPACE, 'vbmc:device', { key, order: text });
  }
}
