import { indexChanges, wantedIndexes, type WantedIndex } from '#worker/libvirt/boot-index.ts';
import { parseDomain, type Element } from '#worker/libvirt/domain-xml.ts';

function root(xml: string): Element {
  const element = parseDomain(xml)?.documentElement;
  if (!element) throw new Error(`not a domain: ${xml}`);
  return element;
}

/** As libvirt 9 prints a running domain: device, target, alias. */
const disks = {
  virtio: ['disk', 'vda', 'virtio-disk0'],
  virtio2: ['disk', 'vdb', 'virtio-disk1'],
  scsi: ['disk', 'sda', 'scsi0-0-0-0'],
  lun: ['lun', 'sde', 'scsi0-0-0-4'],
  sata: ['disk', 'sdb', 'sata0-0-1'],
  ide: ['disk', 'hda', 'ide0-0-0'],
  usb: ['disk', 'sdz', 'usb-disk25'],
  named: ['disk', 'vdc', 'ua-my-disk'],
  cdrom: ['cdrom', 'sdc', 'sata0-0-2'],
  cdrom2: ['cdrom', 'sdd', 'sata0-0-3'],
  floppy: ['floppy', 'fda', 'fdc0-0-0'],
  floppy2: ['floppy', 'fdb', 'fdc0-0-1'],
} as const;
type Device = keyof typeof disks | 'net0' | 'net1' | 'hostdev0' | 'redir0';

function device(name: Device, order?: number): string {
  const boot = order === undefined ? '' : `<boot order='${order}'/>`;
  const alias = `<alias name='${name in disks ? disks[name as keyof typeof disks][2] : name}'/>`;
  if (name === 'net0' || name === 'net1') {
    const mac = `<mac address='52:54:00:00:00:0${name === 'net0' ? 0 : 1}'/>`;
    return `<interface type='network'>${mac}${boot}${alias}</interface>`;
  }
  if (name === 'hostdev0') return `<hostdev mode='subsystem' type='pci'>${boot}${alias}</hostdev>`;
  if (name === 'redir0') return `<redirdev bus='usb' type='tcp'>${boot}${alias}</redirdev>`;
  const [kind, target] = disks[name];
  const unit = `<address type='drive' unit='${target === 'fdb' ? 1 : 0}'/>`;
  return `<disk type='file' device='${kind}'><target dev='${target}'/>${boot}${alias}${unit}</disk>`;
}

function domain(os: readonly string[], devices: readonly string[], type = 'kvm', arch = 'x86_64'): Element {
  const boots = os.map((dev) => `<boot dev='${dev}'/>`).join('');
  const osElement = `<os><type arch='${arch}'>hvm</type>${boots}</os>`;
  return root(`<domain type='${type}'>${osElement}<devices>${devices.join('')}</devices></domain>`);
}

/** `alias=index` for the devices with an index; a floppy drive's as its controller's property. */
function booted(live: Element, definition = live): string[] {
  return (wantedIndexes(live, definition) ?? [])
    .filter(({ index }) => index !== -1)
    .map(({ path, property, index }) => {
      const alias = path.replace('/machine/peripheral/', '');
      return `${alias}${property === 'bootindex' ? '' : `.${property}`}=${index}`;
    });
}

const all: readonly Device[] = [...(Object.keys(disks) as Device[]), 'net0', 'net1', 'hostdev0', 'redir0'];

test.each(all)('per-device orders: %s has its number, and all others have none', (name) => {
  const live = domain(
    [],
    all.map((each) => device(each, each === name ? 7 : undefined)),
  );
  const alias = name in disks ? disks[name as keyof typeof disks][2] : name;
  const property = { floppy: '.bootindexA', floppy2: '.bootindexB' }[name as string] ?? '';
  expect(booted(live)).toEqual([`${alias}${property}=7`]);
  expect(wantedIndexes(live, live)).toHaveLength(all.length);
});

test.each<[order: string[], devices: Device[], indexes: string[]]>([
  [
    ['fd', 'network', 'cdrom', 'hd'],
    ['scsi', 'virtio', 'cdrom', 'cdrom2', 'floppy', 'net0', 'net1'],
    ['scsi0-0-0-0=4', 'sata0-0-2=3', 'fdc0-0-0.bootindexA=1', 'net0=2'],
  ],
  [['hd', 'network'], ['cdrom', 'ide', 'usb'], ['ide0-0-0=1']],
  [
    ['network', 'hd'],
    ['lun', 'virtio', 'net1'],
    ['scsi0-0-0-4=2', 'net1=1'],
  ],
  [['fd'], ['floppy2', 'virtio'], ['fdc0-0-1.bootindexB=1']],
  [['hd'], ['named'], ['ua-my-disk=1']],
  [['cdrom'], ['virtio'], []],
])('<os><boot> %j: the first device of each class has its place', (order, devices, indexes) => {
  expect(
    booted(
      domain(
        order,
        devices.map((each) => device(each)),
      ),
    ),
  ).toEqual(indexes);
});

test('the definition says the order, and the running domain which devices there are', () => {
  const live = domain(
    ['hd', 'network'],
    ['virtio2', 'net1', 'usb'].map((each) => device(each as Device)),
  );
  const definition = domain(
    ['network', 'hd'],
    ['virtio', 'virtio2', 'net0', 'net1'].map((each) => device(each as Device)),
  );
  expect(booted(live, definition)).toEqual(['virtio-disk1=2', 'net1=1']);
  const ordered = domain([], [device('virtio', 1), device('net1', 2), device('virtio2', 3)]);
  expect(booted(live, ordered)).toEqual(['virtio-disk1=3', 'net1=2']);
});

test('a device without an alias is left alone', () => {
  const live = domain(['hd'], ["<disk type='file' device='disk'><target dev='vda'/></disk>"]);
  expect(wantedIndexes(live, live)).toEqual([]);
});

test.each([
  ['xen', 'x86_64'],
  ['test', 'x86_64'],
  ['kvm', 's390x'],
])('%s on %s: the order cannot be changed while it runs', (type, arch) => {
  const live = domain(['hd'], [device('virtio')], type, arch);
  expect(wantedIndexes(live, live)).toBeUndefined();
});

describe('changes', () => {
  const indexed = (indexes: Readonly<Record<string, number>>): WantedIndex[] =>
    Object.entries(indexes).map(([path, index]) => ({ path, property: 'bootindex', index }));
  const inWords = (from: Readonly<Record<string, number>>, to: Readonly<Record<string, number>>): string[] =>
    indexChanges(indexed(from), indexed(to)).map(({ path, index }) => `${path}=${index}`);

  test.each([
    [{ a: 1, b: 2 }, { a: 1, b: 2 }, []],
    [{ a: 1, b: 2, c: -1 }, { a: 2, b: 1, c: -1 }, ['a=-1', 'b=-1', 'a=2', 'b=1']],
    [{ a: 1, b: -1 }, { a: -1, b: 1 }, ['a=-1', 'b=1']],
    [{ a: -1, b: -1 }, { a: 2, b: -1 }, ['a=2']],
    [{ a: 3 }, { a: -1 }, ['a=-1']],
  ])('from %j to %j', (from, to, changes) => {
    expect(inWords(from, to)).toEqual(changes);
  });

  test('no two devices ever have the same index', () => {
    const orders = [
      [1, 2, 3, -1],
      [3, 1, 2, -1],
      [-1, 1, 2, 3],
      [-1, -1, -1, 1],
    ].map((indexes) => Object.fromEntries(indexes.map((index, at) => [`d${at}`, index])));
    for (const from of orders) {
      for (const to of orders) {
        const now = new Map(Object.entries(from));
        for (const { path, index } of indexChanges(indexed(from), indexed(to))) {
          expect(index === -1 || ![...now.values()].includes(index)).toBe(true);
          now.set(path, index);
        }
        expect(Object.fromEntries(now)).toEqual(to);
      }
    }
  });
});
