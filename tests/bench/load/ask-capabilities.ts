import {
  getChannelAuthenticationCapabilities,
  privilegeLevel,
  type GetChannelAuthenticationCapabilitiesRequest,
} from '@vbmc/ipmi-codec';
import type { RemoteConsole } from '#support/console/remote-console.ts';

const PRESENT_INTERFACE = 0x0e;

/** What every remote console asks first; a BMC answers it without a session. */
export const capabilitiesRequest: GetChannelAuthenticationCapabilitiesRequest = {
  ipmiV20Data: true,
  channelNumber: PRESENT_INTERFACE,
  requestedMaximumPrivilegeLevel: privilegeLevel.administrator,
};

export function askCapabilities(remoteConsole: RemoteConsole): Uint8Array {
  return remoteConsole.request(getChannelAuthenticationCapabilities, capabilitiesRequest);
}
