import { readAddressTables } from '#supervisor/host/address-tables.ts';
import { readKernelTables } from '#supervisor/host/read-address-tables.ts';

/** As the kernel prints it for two networks; `Local` repeats what `Main` has. */
const TRIE = `Main:
  +-- 0.0.0.0/0 3 0 5
     |-- 0.0.0.0
        /0 universe UNICAST
     +-- 10.77.0.0/24 2 0 2
        +-- 10.77.0.0/30 2 0 1
           |-- 10.77.0.0
              /24 link UNICAST
           |-- 10.77.0.2
              /32 host LOCAL
              /25 link UNICAST
           |-- 10.77.0.1
              /32 host LOCAL
        |-- 10.77.0.255
           /32 link BROADCAST
     +-- 127.0.0.0/8 2 0 2
        +-- 127.0.0.0/31 1 0 0
           |-- 127.0.0.0
              /8 host LOCAL
           |-- 127.0.0.1
              /32 host LOCAL
     |-- 198.51.100.0
        /24 host LOCAL
     |-- 203.0.113.9
        /32 universe UNICAST
Local:
  +-- 0.0.0.0/0 3 0 5
     |-- 10.77.0.1
        /32 host LOCAL
`;

const ADDRESS_7 = '20010db8000000000000000000000007';
const LINK_LOCAL = 'fe8000000000000000fc00fffe000001';

function ipv6(...lines: readonly string[]): readonly string[] {
  return readAddressTables({ fibTrie: '', ifInet6: lines.join('\n') }).ipv6;
}

test('IPv4: addresses, without networks, broadcast and routes to other hosts', () => {
  expect(readAddressTables({ fibTrie: TRIE, ifInet6: '' })).toEqual({
    ipv4: ['10.77.0.1', '10.77.0.2', '127.0.0.1'],
    ipv6: [],
  });
});

test('IPv6: addresses that can be bound', () => {
  expect(
    ipv6(
      '00000000000000000000000000000001 01 80 10 80       lo',
      `${ADDRESS_7} 02 40 00 80     eth0`,
      'fd770000000000000000000000000001 02 40 00 c0     eth0',
      'fd770000000000000000000000000002 02 40 00 48     eth0',
      'fd770000000000000000000000000003 02 40 00 44     eth0',
      '',
    ),
  ).toEqual(['2001:db8::7', '::1', 'fd77::3']);
});

test('a link-local address counts with its interface, where that has another address', () => {
  expect(ipv6(`${LINK_LOCAL} 07 40 20 80     vnet3`)).toEqual([]);
  expect(ipv6(`${LINK_LOCAL} 02 40 20 80     eth0`, `${ADDRESS_7} 02 40 00 80     eth0`)).toEqual([
    '2001:db8::7',
    'fe80::fc:ff:fe00:1%eth0',
  ]);
});

test('what is no line of the tables is left out', () => {
  expect(readAddressTables({ fibTrie: 'x\n|-- 1.2.3.4\n', ifInet6: 'x\n\n00 01 80\n' })).toEqual({
    ipv4: [],
    ipv6: [],
  });
});

test("this kernel's own tables have the loopback address", () => {
  expect(readAddressTables(readKernelTables()).ipv4).toContain('127.0.0.1');
});
