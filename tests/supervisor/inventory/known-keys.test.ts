import { BMC_KEYS, nearestKnownKey } from '#supervisor/inventory/known-keys.ts';

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
  expect(nearestKnownKey(typed, BMC_KEYS)).toBe(known);
});

test.each(BMC_KEYS)('%s is nearest to itself', (key) => {
  expect(nearestKnownKey(key, BMC_KEYS)).toBe(key);
});

test.each(['', 'x', 'colour', 'privilege_level'])('%j is near none', (typed) => {
  expect(nearestKnownKey(typed, BMC_KEYS)).toBeUndefined();
});
