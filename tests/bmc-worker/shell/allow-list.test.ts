import { createAllowList } from '#worker/shell/allow-list.ts';

const networks = ['192.168.24.0/24', '10.0.0.9', 'fd00::/8', '2001:db8::7', 'fe80::/10'];

test.each([
  ['192.168.24.7', true],
  ['192.168.25.7', false],
  ['::ffff:192.168.24.7', true],
  ['::ffff:192.168.25.7', false],
  ['10.0.0.9', true],
  ['10.0.0.10', false],
  ['fd12:3456::1', true],
  ['fe80::1%eth0', true],
  ['2001:db8::7', true],
  ['2001:db8::8', false],
  ['::1', false],
])('%s: %j', (address, isAllowed) => {
  const allows = createAllowList(networks);

  expect(allows(address)).toBe(isAllowed);
  // Again, from memory, and after another address.
  expect(allows(address)).toBe(isAllowed);
  allows('203.0.113.1');
  expect(allows(address)).toBe(isAllowed);
});

test.each(['192.0.2.1', '::1', 'fe80::1%eth0'])('without a list %s may talk', (address) => {
  expect(createAllowList(undefined)(address)).toBe(true);
});

test('a list can allow every address', () => {
  const allows = createAllowList(['0.0.0.0/0']);
  expect(allows('203.0.113.1')).toBe(true);
  expect(allows('2001:db8::1')).toBe(false);
});
