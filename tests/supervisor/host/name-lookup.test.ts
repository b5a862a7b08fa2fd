import { lookUp } from '#supervisor/host/name-lookup.ts';

test.each<[readonly string[], unknown]>([
  [['192.0.2.2', '192.0.2.1', '192.0.2.2'], { addresses: ['192.0.2.1', '192.0.2.2'] }],
  [['2001:0DB8::1', '::ffff:192.0.2.1'], { addresses: ['192.0.2.1', '2001:db8::1'] }],
  [['0.0.0.0', '127.0.0.1', '::'], { addresses: ['127.0.0.1'] }],
  [['nonsense', '127.0.0.1', '1.2.3'], { addresses: ['127.0.0.1'] }],
  [[], { failure: 'it has no address' }],
  [['0.0.0.0', '::', '::ffff:0.0.0.0'], { failure: 'it is 0.0.0.0, ::, which no single host has' }],
  [
    ['224.0.0.1', '239.1.2.3', 'ff02::1', '255.255.255.255'],
    { failure: 'it is 224.0.0.1, 239.1.2.3, 255.255.255.255, ff02::1, which no single host has' },
  ],
])('of %j a BMC can use %j', async (found, result) => {
  expect(await lookUp('a', () => Promise.resolve(found))).toEqual(result);
});

test.each([
  ['ENOTFOUND', 'it has no address (ENOTFOUND)'],
  ['EAI_AGAIN', 'the resolver does not answer (EAI_AGAIN)'],
  ['EAI_FAIL', 'it cannot be resolved (EAI_FAIL)'],
])('%s', async (code, failure) => {
  const error = Object.assign(new Error('getaddrinfo'), { code });
  expect(await lookUp('a', () => Promise.reject(error))).toEqual({ failure });
});
