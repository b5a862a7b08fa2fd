import {
  getChannelAuthenticationCapabilities,
  privilegeLevel,
  type GetChannelAuthenticationCapabilitiesRequest,
} from '@vbmc/ipmi-codec';
import type { RemoteConsole } from '#support/remote-console.ts';

const presentInterface = 0x0e;

/** What every remote console asks first; a BMC answers it without a session. */
export const capabilitiesRequest: GetChannelAuthenticationCapabilitiesRequest = {
  ipmiV20Data: true,
  channelNumber: presentInterface,
  requestedMaximumPrivilegeLevel: privilegeLevel.administrator,
};

export const askCapabilities = (remoteConsole: RemoteConsole): Uint8Array =>
  remoteConsole.request(getChannelAuthenticationCapabilities, capabilitiesRequest);
