/**
 * The SDR repository: the same records for every domain, with a constant time. freeipmi keeps a copy by the number of records and
 * the times of the repository, and fails until a person flushes it when these change.
 */

/** 2026-11-01 00:00:00 UTC in seconds since 1970: to be changed with the records, and only then. */
export const SDR_CHANGED_AT = 1_793_491_200;

const hex: readonly string[] = [
  // 1: management controller locator "BMC".
  '010051120e2000008f000000060100c3424d43',
  // 2: FRU locator of FRU 0 "System".
  '020051111120008000001000170100c653797374656d',
  // 3: sensor 1 "Power State", compact.
  '030051022620000117016740226f394400003944c000000100000000000000cb506f776572205374617465',
  // 4: sensor 2 "Watchdog", compact.
  '040051022320000206016740236f0f0100000f01c000000100000000000000c85761746368646f67',
  // 5: sensor 3 "CPU Usage", full, percent.
  '050051013420000303017f400b01000000000000010000000100000000000000640064000000000000000000000000c9435055205573616765',
  // 6: sensor 4 "MEM Usage", full, percent.
  '060051013420000420017f400b01000000000000010000000100000000000000640064000000000000000000000000c94d454d205573616765',
  // 7: sensor 5 "OS Stop", compact.
  '070051022220000523016740206f0a0000000a00c000000100000000000000c74f532053746f70',
  // 8: sensor 6 "System Boot", event-only.
  '080051031720000607011d6f01000000cb53797374656d20426f6f74',
  // 9: sensor 7 "SEL", compact.
  '090051021e20000706016740106f340000003400c000000100000000000000c353454c',
  // 10: sensor 8 "Disks", compact.
  '0a00510220200008040167400d6f020002000300c000000100000000000000c54469736b73',
  // 11: sensor 9 "NMI", event-only.
  '0b0051030f2000090701136f01000000c34e4d49',
  // 12: sensor 10 "Memory", event-only.
  '0c0051031220000a20010c6f01000000c64d656d6f7279',
  // 13: sensor 11 "Session Audit", event-only.
  '0d0051031920000b06012a6f01000000cd53657373696f6e204175646974',
];

/** Whole records with their headers (v2.0§43): id (2 bytes), 51h, type, length of the rest. Ids count from 1. */
export const sdrRecords: readonly Uint8Array[] = hex.map((text) =>
  Uint8Array.from(text.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16)),
);
