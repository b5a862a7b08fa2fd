import { guessAddress, isLoopback } from '#supervisor/export/advertised-address.ts';
import { isWildcard } from '#supervisor/host/wildcard-address.ts';

test.each(['0.0.0.0', '::', '0:0::0', '0:0:0:0:0:0:0:0'])('%s is all addresses', (address) => {
  expect(isWildcard(address)).toBe(true);
  expect(isLoopback(address)).toBe(false);
});

test.each(['127.0.0.1', '127.9.9.9', '::1', '0:0::1', '::ffff:127.0.0.1', 'localhost', 'a.LOCALHOST.'])(
  '%s is this host only',
  (address) => {
    expect(isLoopback(address)).toBe(true);
    expect(isWildcard(address)).toBe(false);
  },
);

test.each(['192.0.2.1', '2001:db8::1', 'fe80::1%eth0', '10.0.0.0', 'localhost.example.org', 'notlocalhost'])(
  '%s is neither',
  (address) => {
    expect([isWildcard(address), isLoopback(address)]).toEqual([false, false]);
  },
);

test.each([
  ['::', { defaultRoute: { ipv4: '192.0.2.1', ipv6: '2001:db8::1' } }, '192.0.2.1'],
  ['::', { defaultRoute: { ipv6: '2001:db8::1' } }, '2001:db8::1'],
  ['0.0.0.0', { defaultRoute: { ipv6: '2001:db8::1' } }, undefined],
  ['0.0.0.0', { defaultRoute: { ipv6: '2001:db8::1' }, libvirtNetwork: '192.0.2.9' }, '192.0.2.9'],
  ['::', { defaultRoute: {} }, undefined],
])('for %s with %j: %s', (wildcard, own, expected) => {
  expect(guessAddress(wildcard, own)).toBe(expected);
});
