import type { BmcDevice } from '../../../domain/bmc-device.ts';

const LAST_ID = 0xffff;

/** How many reservations each BMC has given, up to the number of ids. */
const given = new WeakMap<BmcDevice, number>();

/**
 * A new reservation. It cancels none: that is for clients that read while records change, and these never do. So clients that read
 * at the same time do not disturb each other.
 */
export function reserve(device: BmcDevice): number {
  const before = given.get(device) ?? 0;
  const id = before >= LAST_ID ? LAST_ID : before + 1;
  given.set(device, id);
  return id;
}

/** Whether this worker has given the reservation: one that a client has from an earlier worker is lost. */
export function isReserved(device: BmcDevice, id: number): boolean {
  return id > 0 && id <= (given.get(device) ?? 0);
}
