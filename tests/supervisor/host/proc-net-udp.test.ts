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

test('an empty or foreign table has none', () => {
  expect(socketInodes('', 623)).toEqual([]);
  expect(socketInodes('header\nnonsense :026F\n', 623)).toEqual([]);
});
