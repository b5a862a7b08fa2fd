import { addressDomain, isAmbiguousName } from '#worker/libvirt/domain-address.ts';
import { readDomainList } from '#worker/libvirt/domain-list.ts';
import type { Virsh } from '#worker/libvirt/virsh.ts';

const UUID = '11111111-1111-1111-1111-111111111111';
const OTHER = '55555555-5555-5555-5555-555555555555';

test.each(['42', '0', ' 7', '+7', '-7', UUID, 'x'.repeat(36)])('virsh may mistake %j', (name) => {
  expect(isAmbiguousName(name)).toBe(true);
});

test.each(['node-0', '-dash', '--domain', 'a b', "it's", '42a', '4 2', UUID.slice(1), 'ü'])(
  'virsh takes %j for a name',
  (name) => {
    expect(isAmbiguousName(name)).toBe(false);
  },
);

test('a name is found in a list, padded or not, and only as a whole', () => {
  const list = `${OTHER} 142\n${UUID} 42   \n\n`;
  expect(readDomainList(list).get('42')).toBe(UUID);
  expect(readDomainList(list).get('4')).toBeUndefined();
  expect(readDomainList('').get('42')).toBeUndefined();
});

test("a domain named like another's UUID is addressed by its own", async () => {
  const calls: string[][] = [];
  const virsh: Virsh = (verb, args = []) => {
    calls.push([verb, ...args]);
    return Promise.resolve({ ok: true, stdout: `${UUID} n0\n${OTHER} ${UUID}\n` });
  };
  await expect(addressDomain(virsh, UUID)).resolves.toEqual({ ok: true, address: OTHER, uuid: OTHER });
  await expect(addressDomain(virsh, 'n0')).resolves.toEqual({ ok: true, address: 'n0' });
  await expect(addressDomain(virsh, '42')).resolves.toMatchObject({
    ok: false,
    failure: { kind: 'domainNotFound' },
  });
  expect(calls).toEqual(Array.from({ length: 2 }, () => ['list', '--all', '--uuid', '--name']));
});
