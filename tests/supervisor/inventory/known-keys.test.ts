import { bmcKeys, nearestKnownKey } from '#supervisor/inventory/known-keys.ts';

test.each([
  ['prot', 'port'],
  ['Password', 'password'],
  ['libvirt-uri', 'libvirt_uri'],
  ['domain name', 'domain_name'],
  ['addr', 'address'],
  ['libvirt_sasl_user', 'libvirt_sasl_username'],
  ['actve', 'active'],
  ['passwordfile', 'password_file'],
  ['Kg', 'kg'],
])('%s is near %s', (typed, known) => {
  expect(nearestKnownKey(typed, bmcKeys)).toBe(known);
});

test.each(bmcKeys)('%s is nearest to itself', (key) => {
  expect(nearestKnownKey(key, bmcKeys)).toBe(key);
});

test.each(['', 'x', 'colour', 'privilege_level'])('%j is near none', (typed) => {
  expect(nearestKnownKey(typed, bmcKeys)).toBeUndefined();
});
