/** The one importer of the XML library: a domain's definition, parsed and written. Loaded when first needed. */
import { DOMParser, XMLSerializer, type Document } from '@xmldom/xmldom';

export type { Document, Element, Node } from '@xmldom/xmldom';

/** Parses a definition; `undefined` for what is not well-formed or has another root than `<domain>`. */
export function parseDomain(xml: string): Document | undefined {
  try {
    const parser = new DOMParser({
      // XML 1.0's line ends (https://www.w3.org/TR/xml/#sec-line-ends). xmldom's own are XML 1.1's: they would turn
      // U+0085 and U+2028 in a domain's title into line feeds.
      normalizeLineEndings: (text) => text.replace(/\r\n?/g, '\n'),
      onError: (level, message) => {
        // A legal character (https://www.w3.org/TR/xml/#charsets), which a domain's title may hold.
        if (message.startsWith('Unicode replacement character')) return;
        throw new Error(`${level}: ${message}`);
      },
    });
    const document = parser.parseFromString(xml, 'text/xml');
    return document.documentElement?.tagName === 'domain' ? document : undefined;
  } catch {
    // xmldom throws on the first fault; its message quotes the document, which holds secrets.
    return undefined;
  }
}

/**
 * Writes a definition out. A carriage return can only have come from a character reference (parsers turn
 * the others into line feeds), and xmldom writes it bare into text, where the next parser would lose it.
 */
export function serializeDomain(document: Document): string {
  return new XMLSerializer().serializeToString(document).replaceAll('\r', '&#13;');
}
