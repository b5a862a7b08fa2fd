import { authenticationType, getChannelAuthenticationCapabilities } from '@vbmc/ipmi-codec';
import { isLanChannel, LAN_CHANNEL } from '../../../terms/lan-channel.ts';
import { refuse, respond } from '../../../terms/result.ts';
import { defineHandler } from '../handler.ts';

/** OEM; the levels above are reserved, and so is 0. */
const HIGHEST_LEVEL = 5;

export const getChannelAuthenticationCapabilitiesHandler = defineHandler({
  command: getChannelAuthenticationCapabilities,
  privilege: 'none',
  handle: (
    { channelNumber, ipmiV20Data, requestedMaximumPrivilegeLevel: level },
    { hasKg, allowsIpmiV15 },
  ) => {
    if (!isLanChannel(channelNumber) || level === 0 || level > HIGHEST_LEVEL)
      return refuse('invalidDataField');
    return respond({
      channelNumber: LAN_CHANNEL,
      ipmiV20Data,
      authenticationTypes: allowsIpmiV15 ? 1 << authenticationType.md5 : 0,
      kgStatus: hasKg,
      nonNullUsernames: true,
      supportsIpmiV20: ipmiV20Data,
      supportsIpmiV15: ipmiV20Data && allowsIpmiV15,
    });
  },
});
