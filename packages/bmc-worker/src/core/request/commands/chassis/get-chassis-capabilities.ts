import { BMC_SLAVE_ADDRESS, getChassisCapabilities } from '@vbmc/ipmi-codec';
import { respond } from '../../../terms/result.ts';
import { defineHandler } from '../handler.ts';

/** Address 0: unspecified, as there are no FRU, SDR and SEL devices. */
const UNSPECIFIED = 0;

export const getChassisCapabilitiesHandler = defineHandler({
  command: getChassisCapabilities,
  privilege: 'user',
  handle: () =>
    respond({
      providesDiagnosticInterrupt: true,
      fruDeviceAddress: UNSPECIFIED,
      sdrDeviceAddress: UNSPECIFIED,
      selDeviceAddress: UNSPECIFIED,
      systemManagementDeviceAddress: BMC_SLAVE_ADDRESS,
      // tshark calls a response without it malformed.
      bridgeDeviceAddress: BMC_SLAVE_ADDRESS,
    }),
});
