import { getDeviceId } from '@vbmc/ipmi-codec';
import { respond } from '../../../terms/result.ts';
import { defineHandler } from '../handler.ts';

export const getDeviceIdHandler = defineHandler({
  command: getDeviceId,
  privilege: 'user',
  handle: (_, { identity }) =>
    respond({
      deviceId: 0x20,
      deviceRevision: 1,
      firmwareMajorRevision: identity.firmwareMajorRevision,
      firmwareMinorRevision: identity.firmwareMinorRevision,
      chassisDevice: true,
      fruInventoryDevice: true,
      selDevice: true,
      sdrRepositoryDevice: true,
      sensorDevice: true,
      manufacturerId: 0,
      productId: 0,
      // Some clients read 15 bytes whatever the length.
      auxiliaryFirmwareRevision: Uint8Array.of(identity.firmwarePatch, 0, 0, 0),
    }),
});
