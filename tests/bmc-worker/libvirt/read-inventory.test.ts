import { machineStrings } from '#worker/libvirt/machine-strings.ts';
import { inventoryOf } from '#worker/libvirt/read-inventory.ts';
import { parseDomain } from '#worker/libvirt/domain-xml.ts';

function inventory(inner: string, type = 'qemu') {
  const root = parseDomain(`<domain type='${type}'><name>vm-0</name>${inner}</domain>`)?.documentElement;
  if (root === undefined || root === null) throw new Error('no XML');
  return inventoryOf(root, 'vm-0');
}

const Q35 = `<os><type arch='x86_64' machine='pc-q35-7.2'>hvm</type>`;
const SYSINFO = `<sysinfo type='fwcfg'><entry name='opt/x'>y</entry></sysinfo><sysinfo type='smbios'>
  <bios><entry name='vendor'>ACME</entry><entry name='version'>9.1</entry></bios>
  <system><entry name='manufacturer'>ACME</entry><entry name='serial'> 123 </entry><entry name='family'>x</entry></system>
  <baseBoard><entry name='product'>Board</entry><entry name='asset'></entry></baseBoard>
  <chassis><entry name='asset'>R7</entry></chassis></sysinfo>`;
const machine = { manufacturer: 'QEMU', product: 'Standard PC (Q35 + ICH9, 2009)', version: 'pc-q35-7.2' };

test('without strings of its own the machine shows QEMU’s, and no base board', () => {
  expect(inventory(`<uuid>u</uuid><title>T</title>${Q35}</os>`)).toEqual({
    ...{ domainName: 'vm-0', uuid: 'u', title: 'T', system: machine },
    chassis: { manufacturer: 'QEMU', version: 'pc-q35-7.2' },
  });
});

test('sysinfo without smbios mode=sysinfo has no effect', () => {
  expect(inventory(`${Q35}</os>${SYSINFO}`).system).toEqual(machine);
});

test('with it each structure has the given strings, and QEMU’s for the others', () => {
  expect(inventory(`${Q35}<smbios mode='sysinfo'/></os>${SYSINFO}`)).toEqual({
    domainName: 'vm-0',
    biosVersion: '9.1',
    system: { ...machine, manufacturer: 'ACME', serial: '123' },
    baseBoard: { ...machine, product: 'Board' },
    chassis: { manufacturer: 'QEMU', version: 'pc-q35-7.2', asset: 'R7' },
  });
});

test('the strings of the host are not known', () => {
  const { system, chassis } = inventory(`${Q35}<smbios mode='host'/></os>`);
  expect({ system, chassis }).toEqual({ system: {}, chassis: {} });
});

test.each([
  ['kvm', 'pc-i440fx-7.2', ['QEMU', 'Standard PC (i440FX + PIIX, 1996)', 'pc-i440fx-7.2']],
  ['kvm', 'pc-q35-rhel9.4.0', ['Red Hat', 'KVM', 'pc-q35-rhel9.4.0']],
  ['kvm', 'pc-q35-noble', ['QEMU', 'pc-q35-noble', 'pc-q35-noble']],
  ['kvm', 'virt-9.0', ['QEMU', 'KVM Virtual Machine', 'virt-9.0']],
  ['qemu', 'virt-9.0', ['QEMU', 'QEMU Virtual Machine', 'virt-9.0']],
  ['test', 'pc', [undefined, undefined, undefined]],
])('%s, machine type %s', (hypervisor, machineType, strings) => {
  const { manufacturer, product, version } = machineStrings({ hypervisor, machineType });
  expect([manufacturer, product, version]).toEqual(strings);
});
