import fc from 'fast-check';
import type { BootFlags } from '#codec/terms/boot-flags.ts';
import { clearBootOverride, setBootOverride } from '#worker/libvirt/boot-edit.ts';
import { selectorMeaning, type BootOrder, type BootableDevice } from '#worker/libvirt/boot-order.ts';
import { readBootOrder } from '#worker/libvirt/domain-document.ts';
import { parseDomain, serializeDomain } from '#worker/libvirt/domain-xml.ts';
import { bootFlags as anyBootFlags } from '#support/arbitraries.ts';
import { generatedDomain } from './generated-domain.ts';
import { readXml, without, type XmlElement } from './read-xml.ts';

const bootFlags: fc.Arbitrary<BootFlags> = anyBootFlags.map((flags) => ({ ...flags, valid: true }));

function normal(xml: string): string {
  const document = parseDomain(xml);
  if (!document) throw new Error(`not a domain: ${xml}`);
  return serializeDomain(document);
}

function bootOrder(xml: string): BootOrder {
  const root = parseDomain(xml)?.documentElement;
  if (!root) throw new Error(`not a domain: ${xml}`);
  return readBootOrder(root);
}

/** All that vbmc may change: not the elements of these names elsewhere, and no other program's metadata. */
const mayDiffer =
  /^domain\/(os\/(boot|bootmenu)|devices\/(disk|interface|hostdev|redirdev)\/boot|metadata\/vbmc:bootOverride)$/;

/** Everything else, without the `<metadata>` that was not there before ours. */
function restOf(xml: string, original: XmlElement): XmlElement {
  const hadMetadata = original.content.some((node) => typeof node !== 'string' && node.name === 'metadata');
  const rest = without(readXml(xml), mayDiffer);
  return hadMetadata ? rest : without(rest, /^domain\/metadata$/);
}

test('reading and writing a definition loses nothing', () => {
  fc.assert(
    fc.property(generatedDomain, (xml) => {
      expect(readXml(normal(xml))).toEqual(readXml(xml));
    }),
    { numRuns: 500 },
  );
});

test('only boot elements and our metadata differ, and clearing is the identity', () => {
  const edits = new Map<string, number>();
  fc.assert(
    fc.property(generatedDomain, fc.array(bootFlags, { minLength: 1, maxLength: 4 }), (xml, list) => {
      const original = readXml(xml);
      const untouched = restOf(xml, original);
      let present = xml;
      for (const [index, each] of list.entries()) {
        const edit = setBootOverride(present, each, `id-${index}`);
        edits.set(edit.kind, (edits.get(edit.kind) ?? 0) + 1);
        expect(edit.kind).not.toBe('unreadable');
        if (edit.kind !== 'changed') continue;
        expect(edit.isIn(edit.xml)).toBe(true);
        present = edit.xml;
        expect(restOf(present, original)).toEqual(untouched);
      }
      const cleared = clearBootOverride(present);
      if (cleared.kind === 'changed') expect(cleared.xml).toBe(normal(xml));
      expect(readXml(cleared.kind === 'changed' ? cleared.xml : present)).toEqual(original);
    }),
    { numRuns: 500 },
  );
  // If all edits were refused, the property would prove nothing.
  expect(edits.get('changed')).toBeGreaterThan(250);
});

/** The devices that are booted from, first to last. */
function inTurn(order: BootOrder): BootableDevice[] {
  return order.devices
    .filter((device) => device.order !== undefined)
    .sort((a, b) => Number(a.order) - Number(b.order));
}

test('the class is in front, orders are unique, and all other devices keep their order', () => {
  fc.assert(
    fc.property(generatedDomain, bootFlags, (xml, flags) => {
      const edit = setBootOverride(xml, flags, 'id');
      const meaning = selectorMeaning[flags.device];
      if (edit.kind !== 'changed' || meaning.kind !== 'class') return;
      const before = bootOrder(xml);
      const after = bootOrder(edit.xml);
      if (inTurn(before).length === 0) {
        expect(after.osBoot[0]).toBe(meaning.bootClass);
        expect(after.osBoot.slice(1)).toEqual(before.osBoot.filter((dev) => dev !== meaning.bootClass));
        return;
      }
      const [first] = inTurn(after);
      expect(first?.bootClass).toBe(meaning.bootClass);
      const orders = inTurn(after).map((device) => device.order);
      expect(orders).toEqual(orders.map((_, index) => String(index + 1)));
      const keys = (order: BootOrder, ofClass: boolean): string[] =>
        inTurn(order)
          .filter((device) => (device.bootClass === meaning.bootClass) === ofClass)
          .map(({ key }) => key);
      expect(keys(after, false)).toEqual(keys(before, false));
      if (keys(before, true).length > 0) expect(keys(after, true)).toEqual(keys(before, true));
    }),
    { numRuns: 500 },
  );
});
