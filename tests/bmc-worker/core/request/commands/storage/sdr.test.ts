import { createHash } from 'node:crypto';
import { getSdr, reserveSdrRepository, type RecordPartRequest } from '@vbmc/ipmi-codec';
import { SDR_CHANGED_AT, sdrRecords } from '#worker/core/request/commands/storage/sdr-records.ts';
import { completionCodeOf, login, respondTo } from '#support/bmc/console-of-bmc.ts';
import { SimulatedBmc } from '#support/bmc/simulated-bmc.ts';
import { toHex } from '#support/hex.ts';

const REQUESTED_DATA_NOT_PRESENT = 0xcb;
const RESERVATION_CANCELLED = 0xc5;
const PARAMETER_OUT_OF_RANGE = 0xc9;
const CANNOT_RETURN = 0xca;

function scene() {
  const bmc = SimulatedBmc.started();
  const console = login(bmc, { as: 'user' });
  const reserve = (): number => {
    const { value } = respondTo(bmc, console, reserveSdrRepository, undefined);
    return (value as { reservationId: number }).reservationId;
  };
  const read = (request: Partial<RecordPartRequest>) => {
    const whole = { reservationId: 0, recordId: 0, offset: 0, count: 0xff, ...request };
    const { completionCode, value } = respondTo(bmc, console, getSdr, whole);
    return completionCode === 0 ? (value as { nextRecordId: number; bytes: Uint8Array }) : completionCode;
  };
  return { bmc, console, reserve, read };
}

test('a walk finds each record once', () => {
  const { read } = scene();
  const found: string[] = [];
  let recordId = 0;
  while (recordId !== 0xffff) {
    const part = read({ recordId });
    if (typeof part === 'number') throw new Error(`refused with ${part}`);
    found.push(toHex(part.bytes));
    recordId = part.nextRecordId;
  }
  expect(found).toEqual(sdrRecords.map(toHex));
  expect(found).toHaveLength(13);
});

test('each record tells its id and its length', () => {
  expect(sdrRecords.map((record) => [record[0], record[2], (record[4] ?? 0) + 5])).toEqual(
    sdrRecords.map((record, index) => [index + 1, 0x51, record.length]),
  );
});

/** Whoever changes the records changes their time too, or copies that freeipmi keeps stay wrong for ever. */
test('the records are those of their time', () => {
  const digest = createHash('sha256').update(sdrRecords.map(toHex).join('')).digest('hex');
  expect([SDR_CHANGED_AT, digest.slice(0, 16)]).toEqual([1_793_491_200, '0686746e80975d20']);
});

test('a record is read in parts with a reservation, which another client does not cancel', () => {
  const { reserve, read } = scene();
  expect(read({ recordId: 2, offset: 5, count: 2 })).toBe(RESERVATION_CANCELLED);
  const reservationId = reserve();
  expect(reservationId).toBe(1);
  expect(reserve()).toBe(2);
  const part = read({ reservationId, recordId: 2, offset: 5, count: 2 });
  expect(part).toEqual({ nextRecordId: 3, bytes: sdrRecords[1]?.slice(5, 7) });
  expect(read({ reservationId: 3, recordId: 2, offset: 5, count: 2 })).toBe(RESERVATION_CANCELLED);
});

test.each([
  [{ recordId: 14 }, REQUESTED_DATA_NOT_PRESENT],
  [{ recordId: 1, offset: 19 }, PARAMETER_OUT_OF_RANGE],
  [{ recordId: 1, offset: 18, count: 2 }, CANNOT_RETURN],
])('a read of %o is refused with %i', (request, code) => {
  const { reserve, read } = scene();
  expect(read({ reservationId: reserve(), ...request })).toBe(code);
});

test('each BMC counts its own reservations', () => {
  const { reserve } = scene();
  expect([reserve(), reserve()]).toEqual([1, 2]);
  expect(scene().reserve()).toBe(1);
});

test('commands that would change the repository are refused', () => {
  const { bmc, console } = scene();
  // ipmitool clears a repository that it takes for empty.
  for (const code of [0x24, 0x25, 0x26, 0x27, 0x29, 0x2a, 0x2b, 0x2c])
    expect(completionCodeOf(bmc, console, { ...reserveSdrRepository, code }, undefined)).toBe(0xc1);
});
