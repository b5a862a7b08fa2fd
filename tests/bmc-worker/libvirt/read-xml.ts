/**
 * A second reader of XML, so that the property test does not judge the product by the product's own parser. It
 * knows what generated-domain.ts and the product write: no document types, no processing instructions.
 */

/** Text, a comment or a CDATA section as it counts, or an element. */
export type XmlNode = string | XmlElement;

export interface XmlElement {
  /** With its prefix, as written. */
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly content: readonly XmlNode[];
}

const piece = /<!--[^]*?-->|<!\[CDATA\[[^]*?\]\]>|<[^>"']*(?:(?:"[^"]*"|'[^']*')[^>"']*)*>|[^<]+/y;
const attribute = /([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decoded(text: string): string {
  return text.replace(
    /&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi,
    (_all, decimal?: string, hex?: string, name?: string) => {
      if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
      return hex === undefined ? (entities[name ?? ''] ?? '') : String.fromCodePoint(parseInt(hex, 16));
    },
  );
}

/** Reads a document of one element. */
export function readXml(xml: string): XmlElement {
  const open: { name: string; attributes: Record<string, string>; content: XmlNode[] }[] = [
    { name: '', attributes: {}, content: [] },
  ];
  piece.lastIndex = 0;
  while (piece.lastIndex < xml.length) {
    const at = piece.lastIndex;
    const [text] = piece.exec(xml) ?? [];
    const parent = open.at(-1);
    if (text === undefined || parent === undefined) throw new Error(`not XML from here: ${xml.slice(at)}`);
    if (text.startsWith('<!')) parent.content.push(text);
    else if (!text.startsWith('<')) parent.content.push(decoded(text));
    else if (text.startsWith('</')) open.pop();
    else {
      const name = /^<([^\s/>]+)/.exec(text)?.[1] ?? '';
      const attributes = Object.fromEntries(
        Array.from(text.matchAll(attribute), ([, key = '', double, single]) => [
          key,
          decoded(double ?? single ?? ''),
        ]),
      );
      const element = { name, attributes, content: [] };
      parent.content.push(element);
      if (!text.endsWith('/>')) open.push(element);
    }
  }
  const [root] = open[0]?.content ?? [];
  if (open.length !== 1 || root === undefined || typeof root === 'string') throw new Error('not one element');
  return root;
}

/** The document without the elements that `drop` names by their path, e.g. `domain/os/boot`; gaps closed. */
export function without(element: XmlElement, drop: RegExp, path = element.name): XmlElement {
  const content: XmlNode[] = [];
  for (const node of element.content) {
    if (typeof node !== 'string') {
      const below = `${path}/${node.name}`;
      if (!drop.test(below)) content.push(without(node, drop, below));
      continue;
    }
    const last = content.at(-1);
    const joins = typeof last === 'string' && !last.startsWith('<!') && !node.startsWith('<!');
    if (joins) content.splice(-1, 1, last + node);
    else content.push(node);
  }
  return { ...element, content };
}
