import { isIPv6 } from 'node:net';
import fc from 'fast-check';
import { originOf, sourceOf } from '#worker/core/terms/source.ts';

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::', '2001:db8:1:2::/64'],
  ['2001:db8::7', '2001:db8:0:0::/64'],
  ['2001:db8::1:2:3:4:5', '2001:db8:0:1::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64%eth0'],
  ['fe80::1%eth1', 'fe80:0:0:0::/64%eth1'],
  ['::1', '0:0:0:0::/64'],
  ['::', '0:0:0:0::/64'],
  ['64:ff9b::192.0.2.7', '64:ff9b:0:0::/64'],
])('%s counts as %s', (address, source) => {
  expect(sourceOf(address)).toBe(source);
});

test('the address of an origin has no port, its endpoint has', () => {
  expect(originOf({ address: '::ffff:192.0.2.7', port: 5 })).toEqual({
    ...{ address: '192.0.2.7', source: '192.0.2.7', endpoint: '192.0.2.7 5' },
  });
  expect(originOf({ address: 'fe80::1%eth0', port: 5 })).toMatchObject({ address: 'fe80::1%eth0' });
});

/** An IPv6 address in the system's notation (RFC 5952). */
function printed(groups: readonly number[]): string {
  return new URL(`http://[${groups.map((group) => group.toString(16)).join(':')}]`).hostname.slice(1, -1);
}

const group = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff }));

test('an IPv6 address counts as its first four groups in every notation', () => {
  fc.assert(
    fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), (groups) => {
      const address = printed(groups);
      fc.pre(isIPv6(address));
      const network = groups.slice(0, 4).map((one) => one.toString(16));
      expect(sourceOf(address)).toBe(`${network.join(':')}::/64`);
    }),
  );
});
