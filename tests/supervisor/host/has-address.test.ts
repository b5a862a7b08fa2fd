import { hasAddress } from '#supervisor/host/has-address.ts';

test.each([
  ['127.0.0.1', true],
  // All of 127/8 belongs to this machine, although no interface lists it: only the kernel knows.
  ['127.9.8.7', true],
  ['0.0.0.0', true],
  // For documentation (RFC 5737, RFC 3849): no machine has them.
  ['203.0.113.77', false],
  ['2001:db8::77', false],
  ['fe80::1%no-such-if', false],
])('%s: %s', async (address, there) => {
  expect(await hasAddress(address)).toBe(there);
});
