/** Domain definitions for property tests: every style and every foreign element that `dumpxml` may print. */
import fc from 'fast-check';

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\t', '&#9;')
    .replaceAll('\n', '&#10;')
    .replaceAll('\r', '&#13;');
}

/** Characters that parsers and serializers have special rules for, U+0085 and U+2028 in XML 1.1 only. */
const special = fc.constantFrom(
  ...['\t', '\n', '\r', '\u0085', '\u2028', '\u00a0', '\ufeff', '<', '>', '&', "'", '"', ']'],
);

/** Text that XML 1.0 can hold (https://www.w3.org/TR/xml/#charsets). */
const text = fc
  .string({
    unit: fc.oneof(special, fc.string({ unit: 'binary', minLength: 1, maxLength: 1 })),
    maxLength: 12,
  })
  .map((raw) => raw.replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, ''));

const stranger = fc.oneof(
  text.map((value) => `<!--${value.replaceAll('-', '').replaceAll('\r', '')}-->`),
  text.map((value) => `<title>${escaped(value)}</title>`),
  text.map(
    (value) => `<description><![CDATA[${value.replaceAll(']', '').replaceAll('\r', '')}<&]]></description>`,
  ),
  text.map(
    (value) =>
      `<app:note xmlns:app="urn:app:${value.length}" app:v="${escaped(value)}"><app:boot order="1"/></app:note>`,
  ),
  fc.constant('<boot dev="nowhere"/>'),
);

const metadata = fc.option(
  fc.array(text, { minLength: 1, maxLength: 3 }).map((values) => {
    const elements = values.map(
      (value, index) =>
        `<m:own xmlns:m="urn:own:${index}" v="${escaped(value)}"><m:boot dev="hd"/>${escaped(value)}</m:own>`,
    );
    return `<metadata>\n    ${elements.join('\n    ')}\n  </metadata>`;
  }),
  { nil: '' },
);

interface Device {
  readonly head: string;
  readonly inner: string;
  readonly tail: string;
}

function disk(device: string | undefined, target: string): Device {
  return {
    head: `<disk type="file"${device === undefined ? '' : ` device="${device}"`}>`,
    inner: `<target dev="${target}"/>`,
    tail: '</disk>',
  };
}

/** Unique targets and addresses come from the place in the list. */
const device = fc.constantFrom<((index: number) => Device)[]>(
  (index) => disk('disk', `vd${index}`),
  (index) => disk(undefined, `vd${index}`),
  (index) => disk('lun', `sd${index}`),
  (index) => disk('cdrom', `hd${index}`),
  (index) => disk('floppy', `fd${index}`),
  (index) => ({
    head: '<interface type="network">',
    inner: `<mac address="52:54:00:00:00:${String(index).padStart(2, '0')}"/><target dev="vda"/>`,
    tail: '</interface>',
  }),
  // Two cards may have one address, and hostdevs have nothing of the kind.
  () => ({
    head: '<interface type="user">',
    inner: '<mac address="52:54:00:ff:ff:ff"/>',
    tail: '</interface>',
  }),
  () => ({ head: '<hostdev mode="subsystem" type="pci">', inner: '<source/>', tail: '</hostdev>' }),
  () => ({ head: '<redirdev bus="usb" type="spicevmc">', inner: '', tail: '</redirdev>' }),
  () => ({
    head: '<graphics type="vnc" passwd="p&amp;&lt;w">',
    inner: '<listen type="none"/>',
    tail: '</graphics>',
  }),
);

function isBootable(each: Device): boolean {
  return !each.head.startsWith('<graphics');
}

const devices = fc
  .record({
    list: fc.array(device, { maxLength: 8 }),
    /** Empty for the `<os><boot>` style; otherwise which devices have an order, and at which position. */
    ranks: fc.array(fc.nat({ max: 1_000 }), { maxLength: 8 }),
    blanks: fc.boolean(),
  })
  .map(({ list, ranks, blanks }) => {
    const made = list.map((make, index) => make(index));
    const used = [...new Set(ranks)];
    const ordered = made.map((each, index) => (isBootable(each) ? used[index] : undefined));
    const lines = made.map(({ head, inner, tail }, index) => {
      const rank = ordered[index];
      const boot = rank === undefined ? '' : `<boot order="${rank + 1}"${rank % 2 ? ' loadparm="1"' : ''}/>`;
      return blanks ? `${head}\n      ${boot}\n      ${inner}\n    ${tail}` : `${head}${inner}${boot}${tail}`;
    });
    return { xml: lines.join(blanks ? '\n    ' : ''), perDevice: ordered.some((rank) => rank !== undefined) };
  });

const os = fc.record({
  boot: fc.uniqueArray(fc.constantFrom('hd', 'network', 'cdrom', 'fd'), { maxLength: 4 }),
  menu: fc.constantFrom(
    '',
    '<bootmenu enable="no"/>',
    '<bootmenu enable="yes" timeout="3000"/>',
    '<bootmenu timeout="5" enable="yes"/>',
  ),
  menuFirst: fc.boolean(),
  firmware: fc.constantFrom(
    '',
    '<loader readonly="yes" type="pflash">/x</loader><nvram template="/t">/n</nvram>',
    '<x:boot xmlns:x="urn:x" dev="cdrom"/><x:bootmenu xmlns:x="urn:x"/>',
  ),
});

/** A definition as text, in the quoting that the serializer has. */
export const generatedDomain: fc.Arbitrary<string> = fc
  .record({ devices, os, metadata, strangers: fc.array(stranger, { maxLength: 3 }), name: text })
  .map(
    ({
      devices: { xml, perDevice },
      os: { boot, menu, menuFirst, firmware },
      metadata: own,
      strangers,
      name,
    }) => {
      const bootElements = perDevice ? '' : boot.map((dev) => `\n    <boot dev="${dev}"/>`).join('');
      const inner = menuFirst ? `${menu}${firmware}${bootElements}` : `${bootElements}${firmware}${menu}`;
      return `<domain type="kvm" xmlns:qemu="http://libvirt.org/schemas/domain/qemu/1.0">
  <name>${escaped(name)}</name>
  ${own}
  ${strangers.join('')}<os>
    <type arch="x86_64">hvm</type>${inner}
  </os>
  <devices>${xml}</devices>
  <qemu:commandline><qemu:arg value="${escaped(name)}"/><qemu:boot order="1"/></qemu:commandline>
</domain>`;
    },
  );
