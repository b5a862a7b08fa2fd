import { isIPv4 } from 'node:net';
import { describeNetwork } from '#supervisor/host/host-network.ts';
import { readSurroundings } from '#supervisor/host/route-table.ts';
import { lanFactsOf } from '#supervisor/worker/lan-facts.ts';

// As /proc/net/route has them on a hypervisor with two bridges (Linux 6.1, x86-64).
const TABLE = `Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
br0\t00000000\t0118A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0
br1\t00000000\t0100000A\t0003\t0\t0\t50\t00000000\t0\t0\t0
br0\t0018A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0
br0\t0000A8C0\t00000000\t0001\t0\t0\t200\t0000FFFF\t0\t0\t0
virbr0\t007AA8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
`;

test.each([
  ['192.168.24.10', { interfaceName: 'br0', subnetMask: '255.255.255.0', gateway: '192.168.24.1' }],
  ['192.168.99.1', { interfaceName: 'br0', subnetMask: '255.255.0.0', gateway: '192.168.24.1' }],
  ['192.168.122.1', { interfaceName: 'virbr0', subnetMask: '255.255.255.0' }],
  ['127.0.9.1', { interfaceName: 'lo', subnetMask: '255.0.0.0' }],
  ['203.0.113.1', undefined],
])('what surrounds %s', (address, expected) => {
  expect(readSurroundings(TABLE, address, true)).toEqual(expected);
});

test('a machine with the other byte order', () => {
  const other = 'eth0\tC0A81800\t00000000\t0001\t0\t0\t0\tFFFFFF00\t0\t0\t0';
  expect(readSurroundings(other, '192.168.24.9', false)?.subnetMask).toBe('255.255.255.0');
});

test('the present machine', async () => {
  const { address, macAddress } = await describeNetwork(undefined);
  expect(address === undefined || isIPv4(address)).toBe(true);
  expect(macAddress ?? '00:00:00:00:00:00').toMatch(/^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/);
  expect(await describeNetwork('127.0.0.1')).toEqual({
    ...{ address: '127.0.0.1', subnetMask: '255.0.0.0', macAddress: '00:00:00:00:00:00' },
  });
});

test('a BMC on all addresses tells the likely one, one with a host name its first IPv4 address, one on IPv6 none', async () => {
  const describe = (address: string | undefined) => Promise.resolve({ address: address ?? 'guessed' });
  const of = async (...addresses: string[]) => (await lanFactsOf({ addresses }, 623, describe)).address;
  expect(await of('::')).toBe('guessed');
  expect(await of('fd00::1', '192.0.2.7', '192.0.2.8')).toBe('192.0.2.7');
  expect(await of('fd00::1')).toBeUndefined();
});
