import { BMC_SLAVE_ADDRESS, getChassisCapabilities } from '@vbmc/ipmi-codec';
import { respond } from '../../../terms/result.ts';
import { defineHandler } from '../handler.ts';

/** The BMC is all of these devices. tshark calls a response without the last of them malformed. */
export const getChassisCapabilitiesHandler = defineHandler({
  command: getChassisCapabilities,
  privilege: 'user',
  handle: () =>
    respond({
      providesDiagnosticInterrupt: true,
      fruDeviceAddress: BMC_SLAVE_ADDRESS,
      sdrDeviceAddress: BMC_SLAVE_ADDRESS,
      selDeviceAddress: BMC_SLAVE_ADDRESS,
      systemManagementDeviceAddress: BMC_SLAVE_ADDRESS,
      bridgeDeviceAddress: BMC_SLAVE_ADDRESS,
    }),
});
