import { getEventReceiver } from '@vbmc/ipmi-codec';
import { respond } from '../../../terms/result.ts';
import { defineHandler } from '../handler.ts';

/** The BMC's own address on the management bus (v2.0§7.13). */
const BMC_SLAVE_ADDRESS = 0x20;

export const getEventReceiverHandler = defineHandler({
  command: getEventReceiver,
  privilege: 'user',
  handle: () => respond({ slaveAddress: BMC_SLAVE_ADDRESS, lun: 0 }),
});
