import { describeBindFailure, lacksAddress } from '#supervisor/worker/bind-failure.ts';

test.each([
  ['EADDRINUSE', 'port 623/udp is in use by another process: stop it or choose another port'],
  [
    'EADDRNOTAVAIL',
    'waiting for 192.0.2.1, which is no address of this machine (yet): add it to an interface or choose another address',
  ],
  [
    'EACCES',
    'port 623/udp may not be bound by this user: grant CAP_NET_BIND_SERVICE or choose a port above 1023',
  ],
  ['EWHAT', 'port 623/udp on 192.0.2.1 cannot be bound: odd'],
])('%s', (code, text) => {
  expect(describeBindFailure({ code, detail: 'odd', addresses: ['192.0.2.1'], port: 623 })).toBe(text);
});

test('the owner of the port is named', () => {
  const failure = { code: 'EADDRINUSE', detail: '', addresses: ['::'], port: 6230 };
  expect(describeBindFailure(failure, 'pid 4711 (vbmcd)')).toBe(
    'port 6230/udp is in use by pid 4711 (vbmcd): stop it or choose another port',
  );
});

test.each([
  [
    'EADDRINUSE',
    ['192.0.2.1'],
    'port 623/udp on 192.0.2.1 (ipmi.utility) is in use by another process: stop it',
  ],
  ['EACCES', ['192.0.2.1'], 'port 623/udp on 192.0.2.1 (ipmi.utility) may not be bound by this user'],
  ['EWHAT', ['192.0.2.1'], 'port 623/udp on 192.0.2.1 (ipmi.utility) cannot be bound: odd'],
  [
    'EADDRNOTAVAIL',
    ['192.0.2.1', '2001:db8::1'],
    'waiting for 192.0.2.1, 2001:db8::1 (ipmi.utility), none of which is an address of this machine (yet): add it to an interface or correct what the name means',
  ],
])('%s on %j of a host name', (code, addresses, text) => {
  const failure = { code, detail: 'odd', addresses, hostName: 'ipmi.utility', port: 623 };
  expect(describeBindFailure(failure)).toContain(text);
});

test.each([
  ['EADDRNOTAVAIL', '192.0.2.1', true],
  ['EADDRNOTAVAIL', '2001:db8::1', true],
  // An interface that does not exist.
  ['EINVAL', 'fe80::1%eth9', true],
  // A link-local address without an interface.
  ['EINVAL', 'fe80::1', false],
  ['EADDRINUSE', '192.0.2.1', false],
  ['EACCES', '192.0.2.1', false],
])('%s on %s lacks the address: %s', (code, address, lacks) => {
  expect(lacksAddress({ code, addresses: [address] })).toBe(lacks);
});
