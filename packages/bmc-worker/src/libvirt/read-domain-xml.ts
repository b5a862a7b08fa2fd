import type { Element } from './domain-xml.ts';

/** The `<domain>` element of a definition; `undefined` for anything else. Loads the XML library when first called. */
export async function readDomainXml(xml: string): Promise<Element | undefined> {
  const { parseDomain } = await import('./domain-xml.ts');
  return parseDomain(xml)?.documentElement ?? undefined;
}
