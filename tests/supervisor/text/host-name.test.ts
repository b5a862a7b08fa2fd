import { canonicalHostName, isHostName } from '#supervisor/text/host-name.ts';

const LABEL = 'a'.repeat(63);

test.each([
  'localhost',
  'ipmi.utility',
  'node-0.example.org.',
  'Node0',
  '3com.example',
  'a',
  '0x7f.example',
  'xn--bcher-kva.example',
  LABEL,
  `${LABEL}.${LABEL}.${LABEL}.${'a'.repeat(61)}`,
])('%s is a host name', (text) => {
  expect(isHostName(text)).toBe(true);
});

test.each([
  '',
  '.',
  'a..b',
  '.a',
  'a..',
  '-a',
  'a-',
  'a.-b',
  'my_host',
  'bücher.example',
  'a b',
  'a\n',
  'a:623',
  '[::1]',
  '::1',
  '::',
  'fe80::1%eth0',
  // What getaddrinfo(3) takes for IPv4 addresses, and mistyped ones.
  '192.0.2.1',
  '192.0.2.300',
  '127.1',
  '2130706433',
  '0x7f000001',
  '0x7F.1',
  '0x',
  'node.0',
  '192.0.2.1.',
  `${LABEL}a`,
  `${LABEL}.${LABEL}.${LABEL}.${'a'.repeat(62)}`,
])('%j is none', (text) => {
  expect(isHostName(text)).toBe(false);
});

test('names that mean the same have one spelling', () => {
  expect(canonicalHostName('IPMI.Utility.')).toBe('ipmi.utility');
});
