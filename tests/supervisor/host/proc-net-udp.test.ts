import { socketInodes } from '#supervisor/host/proc-net-udp.ts';

const TABLE = `   sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
 1034: 00000000000000000000000000000000:1856 00000000000000000000000000000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 47110 2 0000000000000000 0
 2011: 0100007F:026F 00000000:0000 07 00000000:00000000 00:00000000 00000000   101        0 81523 2 0000000000000000 0
`;

test.each([
  [6230, ['47110']],
  [623, ['81523']],
  [624, []],
])('port %d', (port, inodes) => {
  expect(socketInodes(TABLE, port)).toEqual(inodes);
});

const ON_ADDRESSES = `  sl  local_address rem_address
 1: 0100007F:026F 00000000:0000 07 0:0 0:0 0 0 0 1 2 0 0
 2: 0200007F:026F 00000000:0000 07 0:0 0:0 0 0 0 2 2 0 0
 3: 000080FE00000000FF57190A1D5C7EFE:026F 0:0 07 0:0 0:0 0 0 0 3 2 0 0
 4: 00000000000000000000000001000000:026F 0:0 07 0:0 0:0 0 0 0 4 2 0 0
 5: 00000000000000000000000000000000:1856 0:0 07 0:0 0:0 0 0 0 5 2 0 0
 6: 00000000:1857 0:0 07 0:0 0:0 0 0 0 6 2 0 0
`;

test.each([
  [623, '127.0.0.1', ['1']],
  [623, '127.0.0.2', ['2']],
  [623, '::ffff:127.0.0.2', ['2']],
  [623, '127.0.0.3', []],
  [623, 'fe80::a19:57ff:fe7e:5c1d%eth0', ['3']],
  [623, '::1', ['4']],
  // A socket on all addresses has each of them.
  [6230, '192.0.2.1', ['5']],
  [6231, '192.0.2.1', ['6']],
])('port %d on %s', (port, address, inodes) => {
  expect(socketInodes(ON_ADDRESSES, port, address)).toEqual(inodes);
});

test('an empty or foreign table has none', () => {
  expect(socketInodes('', 623)).toEqual([]);
  expect(socketInodes('header\nnonsense :026F\n', 623)).toEqual([]);
});
