import { getFruInventoryAreaInfo, readFruData, writeFruData } from '@vbmc/ipmi-codec';
import type { DomainInventory } from '../../../terms/domain-inventory.ts';
import { refuse, respond } from '../../../terms/result.ts';
import { afterInventory, assetTagOf } from '../after-inventory.ts';
import { defineHandler, type Bmc } from '../handler.ts';
import { fruImage } from './fru-image.ts';

/** The only FRU device: the system. */
const SYSTEM = 0;
/** Bytes of one answer: what fits into a message of IPMI over LAN, beside its header. Clients ask for 16 to 32, and pyghmi for 240. */
const MOST_AT_ONCE = 240;

/** By inventory: a client reads it in some twenty parts. */
const images = new WeakMap<DomainInventory, Uint8Array>();

function imageOf(bmc: Bmc, inventory: DomainInventory): Uint8Array {
  let image = images.get(inventory);
  if (image === undefined) {
    image = fruImage(inventory, assetTagOf(bmc, inventory));
    images.set(inventory, image);
  }
  return image;
}

export const getFruInventoryAreaInfoHandler = defineHandler({
  command: getFruInventoryAreaInfo,
  privilege: 'user',
  handle: ({ fruDeviceId }, bmc, { now }) => {
    if (fruDeviceId !== SYSTEM) return refuse('requestedDataNotPresent');
    return afterInventory(bmc, now, (inventory) =>
      respond({ size: imageOf(bmc, inventory).length, accessedByWords: false }),
    );
  },
});

export const readFruDataHandler = defineHandler({
  command: readFruData,
  privilege: 'user',
  handle: ({ fruDeviceId, offset, count }, bmc, { now }) => {
    if (fruDeviceId !== SYSTEM) return refuse('requestedDataNotPresent');
    if (count === 0) return refuse('invalidDataField');
    return afterInventory(bmc, now, (inventory) => {
      const image = imageOf(bmc, inventory);
      if (offset >= image.length) return refuse('parameterOutOfRange');
      // Fewer than were asked for at the end.
      return respond({ bytes: image.subarray(offset, offset + Math.min(count, MOST_AT_ONCE)) });
    });
  },
});

/** It says what the domain's definition says. */
export const writeFruDataHandler = defineHandler({
  command: writeFruData,
  privilege: 'operator',
  handle: ({ fruDeviceId }) =>
    fruDeviceId === SYSTEM ? refuse('writeProtected') : refuse('requestedDataNotPresent'),
});
