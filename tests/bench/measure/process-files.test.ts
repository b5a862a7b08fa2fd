import { inodesOf } from './port-owner.ts';
import { parseSmapsRollup, processMemory } from '#support/process-memory.ts';
import { processorSeconds, treeProcessorSeconds } from './process-time.ts';

const ROLLUP = `55d0-7ffe ---p 00000000 00:00 0                          [rollup]
Rss:               54732 kB
Pss:               21033 kB
Pss_Dirty:          8000 kB
Shared_Clean:      40000 kB
Private_Clean:       512 kB
Private_Dirty:      9216 kB
Private_Hugetlb:       0 kB
`;

test('private memory is what is private, clean or dirty', () => {
  expect(parseSmapsRollup(ROLLUP)).toEqual({ privateKib: 9728, pssKib: 21033, residentKib: 54732 });
  expect(() => parseSmapsRollup('Rss: 1 kB')).toThrow('smaps_rollup has no Private_Clean');
});

test('our own process has memory, and uses time', () => {
  const { privateKib, pssKib, residentKib } = processMemory(process.pid);
  expect(residentKib).toBeGreaterThan(pssKib);
  expect(pssKib).toBeGreaterThanOrEqual(privateKib);
  expect(processorSeconds(process.pid)).toBeGreaterThan(0);
  expect(treeProcessorSeconds(process.pid)).toBeGreaterThanOrEqual(processorSeconds(process.pid));
});

const UDP_TABLE = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
 1191: 0100007F:1856 00000000:0000 07 00000000:00000000 00:00000000 00000000 65534        0 424242 2 0000000000000000 0
 1192: 0100007F:1856 0100007F:9C40 01 00000000:00000000 00:00000000 00000000     0        0 424243 2 0000000000000000 0
 1193: 0100007F:1857 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 424244 2 0000000000000000 0
`;

test('who listens on a port is not who talks to one', () => {
  expect(inodesOf(UDP_TABLE, 0x1856)).toEqual(['424242']);
  expect(inodesOf(UDP_TABLE, 0x9c40)).toEqual([]);
});
