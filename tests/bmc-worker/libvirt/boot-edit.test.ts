import type { BootDevice } from '#codec/terms/boot-device.ts';
import type { BootFlags } from '#codec/terms/boot-flags.ts';
import { clearBootOverride, setBootOverride, type BootEdit } from '#worker/libvirt/boot-edit.ts';
import { readBootOrder } from '#worker/libvirt/domain-document.ts';
import { parseDomain } from '#worker/libvirt/domain-xml.ts';
import { OS_BOOT, PER_DEVICE } from './definitions.ts';

function flags(device: BootDevice, more: Partial<BootFlags> = {}): BootFlags {
  return {
    valid: true,
    persistent: false,
    efi: false,
    device,
    ...more,
  };
}

/** A CD-ROM and a floppy drive as well. */
const OS_BOOT_WITH_DRIVES = OS_BOOT.replace(
  '<interface',
  `<disk type='file' device='cdrom'><target dev='sda' bus='sata'/></disk>
    <disk type='file' device='floppy'><target dev='fda' bus='fdc'/></disk>
    <interface`,
);

function changed(edit: BootEdit): string {
  if (edit.kind !== 'changed') throw new Error(JSON.stringify(edit));
  expect(edit.isIn(edit.xml)).toBe(true);
  return edit.xml;
}

function set(xml: string, device: BootDevice, more: Partial<BootFlags> = {}): string {
  return changed(setBootOverride(xml, flags(device, more), `id-of-${device}`));
}
function clear(xml: string): string {
  return changed(clearBootOverride(xml));
}

/** The boot order as text: `hd network` or `disk:vda=1 …`, and the boot menu. */
function bootsFrom(xml: string): string {
  const root = parseDomain(xml)?.documentElement;
  if (!root) throw new Error('not a domain');
  const order = readBootOrder(root);
  const devices = order.devices
    .filter((device) => device.order !== undefined)
    .sort((a, b) => Number(a.order) - Number(b.order))
    .map(({ key }) => key.replace('52:54:00:00:00:0', ''));
  const menu = order.bootMenu ? [`menu=${order.bootMenu.enable ?? ''},${order.bootMenu.timeout ?? ''}`] : [];
  return [...order.osBoot, ...devices, ...menu].join(' ');
}

/** What the serializer makes of libvirt's quoting; blanks after the root element are no part of it. */
function plain(xml: string): string {
  return xml.replaceAll("'", '"').trimEnd();
}

test.each<[string, BootDevice, string]>([
  ['per device', 'pxe', 'interface:1 interface:2 disk:vda'],
  ['per device', 'hardDrive', 'disk:vda interface:1 interface:2'],
  ['per device', 'hardDriveSafeMode', 'disk:vda interface:1 interface:2'],
  ['per device', 'cdDvd', 'disk:sda interface:1 disk:vda interface:2'],
  ['per device', 'remoteCdDvd', 'disk:sda interface:1 disk:vda interface:2'],
  ['per device', 'biosSetup', 'interface:1 disk:vda interface:2 menu=yes,65535'],
  ['<os><boot>', 'pxe', 'network hd'],
  ['<os><boot>', 'hardDrive', 'hd network'],
  ['<os><boot>', 'cdDvd', 'cdrom hd network'],
  ['<os><boot>', 'floppy', 'fd hd network'],
  ['<os><boot>', 'remoteFloppy', 'fd hd network'],
  ['<os><boot>', 'biosSetup', 'hd network menu=yes,65535'],
])('%s: %s boots from %s, and clearing restores every byte', (style, device, expected) => {
  const xml = style === 'per device' ? PER_DEVICE : OS_BOOT_WITH_DRIVES;
  const overridden = set(xml, device);
  expect(bootsFrom(overridden)).toBe(expected);
  expect(clear(overridden)).toBe(plain(xml));
});

test.each<[string, BootDevice, string]>([
  ['no floppy drive', 'floppy', PER_DEVICE],
  ['no floppy drive', 'floppy', OS_BOOT],
  ['no CD-ROM drive', 'cdDvd', OS_BOOT],
  ['no network card', 'pxe', OS_BOOT.replace(/<interface.*interface>/, '')],
  ['a network card of which nothing tells that it is one', 'pxe', OS_BOOT.replaceAll('interface', 'hostdev')],
  ['no disk', 'hardDrive', OS_BOOT.replace("device='disk'", "device='cdrom'")],
  ['no machine has one', 'diagnosticPartition', OS_BOOT],
  ['not the own disk', 'remoteHardDrive', OS_BOOT],
  ['not defined which', 'primaryRemoteMedia', OS_BOOT],
  ['direct kernel boot', 'pxe', OS_BOOT.replace('<boot dev=', '<kernel>/boot/vmlinuz</kernel><boot dev=')],
  [
    'direct kernel boot',
    'biosSetup',
    OS_BOOT.replace('<boot dev=', '<kernel>/boot/vmlinuz</kernel><boot dev='),
  ],
  [
    'a container',
    'hardDrive',
    '<domain type="lxc"><os><type>exe</type><init>/sbin/init</init></os></domain>',
  ],
  ['paravirtual', 'hardDrive', '<domain type="xen"><os><type>linux</type></os></domain>'],
  ['a boot loader', 'pxe', OS_BOOT.replace('<os>', '<bootloader>/usr/bin/pygrub</bootloader><os>')],
  ['no <os>', 'pxe', '<domain/>'],
])('%s: %s is refused', (_why, device, xml) => {
  expect(setBootOverride(xml, flags(device), 'id')).toMatchObject({ kind: 'refused' });
});

test.each<[BootDevice, string]>([
  ['pxe', 'the domain has no network card'],
  ['hardDriveSafeMode', 'the domain has no disk'],
  ['remoteCdDvd', 'the domain has no CD-ROM drive'],
  ['floppy', 'the domain has no floppy drive'],
])('%s of a domain without devices: %s', (device, why) => {
  const xml = OS_BOOT.replace(/<devices>[^]*<\/devices>/, '<devices/>');
  expect(setBootOverride(xml, flags(device), 'id')).toEqual({ kind: 'refused', why });
});

test.each(['', 'garbage', '<domain', '<network/>', '<domain><os></domain>', '<domain/><domain/>'])(
  '%j is unreadable',
  (xml) => {
    expect(setBootOverride(xml, flags('pxe'), 'id')).toEqual({ kind: 'unreadable' });
    expect(clearBootOverride(xml)).toEqual({ kind: 'unreadable' });
  },
);

test('an os style domain without any <boot> gets one', () => {
  const xml = OS_BOOT.replace(/ *<boot dev='\w+'\/>\n/g, '');
  expect(bootsFrom(set(xml, 'pxe'))).toBe('network');
  expect(clear(set(xml, 'pxe'))).toBe(plain(xml));
});

test("the domain's own boot menu comes back", () => {
  const xml = OS_BOOT.replace('</os>', "  <bootmenu enable='no'/>\n  </os>");
  expect(bootsFrom(set(xml, 'biosSetup'))).toBe('hd network menu=yes,65535');
  expect(clear(set(xml, 'biosSetup'))).toBe(plain(xml));
});

test.each([
  ['noOverride', flags('noOverride')],
  ['noOverride, persistent', flags('noOverride', { persistent: true })],
  ['flags that are not valid', flags('pxe', { valid: false })],
])('%s restores', (_name, restoring) => {
  expect(changed(setBootOverride(set(PER_DEVICE, 'pxe'), restoring, 'id'))).toBe(plain(PER_DEVICE));
  expect(setBootOverride(PER_DEVICE, restoring, 'id')).toEqual({ kind: 'unchanged' });
});

test('the first order is remembered over any number of overrides', () => {
  const devices: BootDevice[] = ['pxe', 'cdDvd', 'biosSetup', 'hardDrive', 'pxe'];
  const last = devices.reduce((xml, device) => set(xml, device), PER_DEVICE);
  expect(bootsFrom(last)).toBe('interface:1 interface:2 disk:vda');
  expect(clear(last)).toBe(plain(PER_DEVICE));
});

test('the same flags again change nothing', () => {
  const once = set(PER_DEVICE, 'pxe');
  expect(setBootOverride(once, flags('pxe'), 'another')).toEqual({ kind: 'unchanged' });
  expect(setBootOverride(once, flags('pxe', { efi: true }), 'another')).toMatchObject({ kind: 'changed' });
});

describe('another program edits the domain meanwhile', () => {
  const overridden = set(PER_DEVICE, 'pxe');

  test.each([
    [
      'swaps two orders',
      'interface:2 interface:1 disk:vda',
      [
        ['order="1"', 'order="9"'],
        ['order="2"', 'order="1"'],
        ['order="9"', 'order="2"'],
      ],
    ],
    ['takes an order away', 'interface:1 interface:2', [['<boot order="3"/>', '']]],
    [
      'adds a boot menu',
      'interface:1 interface:2 disk:vda menu=yes,',
      [['</os>', '<bootmenu enable="yes"/></os>']],
    ],
    [
      'adds a device with an order',
      'interface:1 interface:2 disk:vda disk:vdz',
      [['</devices>', '<disk><target dev="vdz"/><boot order="4"/></disk></devices>']],
    ],
  ])('%s: the other edit wins, and only our metadata is removed', (_what, expected, replacements) => {
    // The devices part only: our metadata holds orders too.
    const [head = '', tail = ''] = overridden.split(/(?=<metadata>)/);
    const edited = replacements.reduce((xml, [from = '', to = '']) => xml.replace(from, to), head) + tail;
    const cleared = clear(edited);
    expect(bootsFrom(cleared)).toBe(expected);
    expect(cleared).not.toContain('vbmc');
  });

  test('a new override starts from the other edit', () => {
    const [head = '', tail = ''] = overridden.split(/(?=<metadata>)/);
    const edited = head.replace('<boot order="3"/>', '') + tail;
    expect(bootsFrom(edited)).toBe('interface:1 interface:2');
    expect(bootsFrom(clear(set(edited, 'cdDvd')))).toBe('interface:1 interface:2');
  });

  test('a device that was removed, or added without an order, does not matter', () => {
    const more = overridden.replace('</devices>', '<disk><target dev="vdz"/></disk></devices>');
    expect(bootsFrom(clear(more))).toBe('interface:1 disk:vda interface:2');
    const fewer = overridden.replace(
      /<interface type="network"><mac address="52:54:00:00:00:02"\/>.*?<\/interface>/,
      '',
    );
    expect(bootsFrom(clear(fewer))).toBe('interface:1 disk:vda');
  });

  test('metadata under our name that we cannot have written is ignored', () => {
    const forged = PER_DEVICE.replace(
      '<os>',
      '<metadata><b:bootOverride xmlns:b="urn:x-vbmc:boot-override:1" id="" device="toString"/></metadata><os>',
    );
    expect(clearBootOverride(forged)).toEqual({ kind: 'unchanged' });
    expect(bootsFrom(set(forged, 'cdDvd'))).toBe('disk:sda interface:1 disk:vda interface:2');
  });
});

test.each([
  ['none', '', ''],
  ['an empty one', '<metadata/>', '<metadata/>'],
  [
    "another program's",
    '<metadata><a:b xmlns:a="urn:a"/></metadata>',
    '<metadata><a:b xmlns:a="urn:a"/></metadata>',
  ],
])(
  '<metadata> before us: %s; and the same after libvirt has put blanks around ours',
  (_what, before, after) => {
    const overridden = set(PER_DEVICE.replace('<os>', `${before}<os>`), 'pxe');
    const formatted = set(
      overridden.replace(/<vbmc:bootOverride.*<\/vbmc:bootOverride>/, '\n  $&\n '),
      'cdDvd',
    );
    const cleared = clear(formatted).replace(/(<metadata>.*?)\s*<\/metadata>/s, '$1</metadata>');
    const blank = after.replace('<metadata/>', '<metadata></metadata>');
    expect(cleared).toBe(plain(PER_DEVICE).replace('<os>', `${blank}<os>`));
  },
);

test('another element that was added to our <metadata> stays', () => {
  const shared = set(PER_DEVICE, 'pxe').replace('</metadata>', '<a:b xmlns:a="urn:a"/></metadata>');
  expect(clear(shared)).toContain('<metadata><a:b xmlns:a="urn:a"/></metadata>');
});

const DISK = '<devices><disk device="disk"/></devices>';

test('carriage returns, tabs and quotes in other elements survive', () => {
  const xml = `<domain><title>a&#13;&#10;b]]&gt;</title><os><type>hvm</type></os><x y="&#9;&#10;&#13;&quot;'&lt;"/>${DISK}</domain>`;
  expect(clear(set(xml, 'hardDrive'))).toBe(xml.replace('&#10;b', '\nb'));
});

test('the line ends of XML 1.1 are kept as characters', () => {
  const xml = `<domain><title>a\u0085b\u2028c</title><os><type>hvm</type></os><x y="\u0085\u2028"/>${DISK}</domain>`;
  expect(clear(set(xml, 'hardDrive'))).toBe(xml);
});

test('a replacement character is a character like any other', () => {
  const xml = `<domain><title>\uFFFD</title><os><type>hvm</type></os>${DISK}</domain>`;
  expect(clear(set(xml, 'hardDrive'))).toBe(xml);
});

test('a definition with 2 MB of metadata, more than libvirt hands out, is restored byte by byte', () => {
  // libvirt takes up to 4 MiB in one string. nova, cockpit and terraform keep text, base64 and XML of their own there.
  const note = `<a:note xmlns:a="urn:a" b="&quot;&lt;">${'Zm9v&amp;YmFy <![CDATA[<&]]>'.repeat(80_000)}</a:note>`;
  expect(note.length).toBeGreaterThan(2_000_000);
  const xml = plain(OS_BOOT).replace('<os>', `<metadata>${note}</metadata><os>`);
  const overridden = set(xml, 'pxe');
  expect(bootsFrom(overridden)).toBe('network hd');
  expect(clear(overridden) === xml).toBe(true);
});

test('entities that a document defines are not expanded', () => {
  const xml = '<!DOCTYPE domain [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><domain>&b;</domain>';
  expect(setBootOverride(xml, flags('pxe'), 'id')).toEqual({ kind: 'unreadable' });
});
