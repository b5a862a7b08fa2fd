/** Steps through a parsed document. Needs the types of the XML library only. */
import type { Element, Node } from './domain-xml.ts';

export function isElement(node: Node): node is Element {
  return node.nodeType === 1;
}

/** The child elements of that name. The default namespace is libvirt's own (none). */
export function children(parent: Element, localName: string, namespace: string | null = null): Element[] {
  return [...parent.childNodes]
    .filter(isElement)
    .filter((child) => child.localName === localName && (child.namespaceURI ?? null) === namespace);
}

/** The first child element of that name. */
export function child(
  parent: Element | undefined,
  localName: string,
  namespace?: string | null,
): Element | undefined {
  return parent && children(parent, localName, namespace)[0];
}

export function attributeOf(element: Element | undefined, name: string): string | undefined {
  return element?.getAttribute(name) ?? undefined;
}

/** The text in an element, without white space around it. */
export function textOf(element: Element | undefined): string | undefined {
  return element?.textContent?.trim();
}
