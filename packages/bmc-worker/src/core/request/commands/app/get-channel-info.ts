import { getChannelInfo, type ChannelInfo } from '@vbmc/ipmi-codec';
import { isLanChannel, LAN_CHANNEL, PRIMARY_IPMB, SYSTEM_INTERFACE } from '../../../terms/lan-channel.ts';
import { limits } from '../../../terms/limits.ts';
import { refuse, respond } from '../../../terms/result.ts';
import { defineHandler } from '../handler.ts';

/** 802.3 LAN, with the protocol that LAN channels use, IPMB-1.0; multi-session. */
const lan = { medium: 0x04, protocol: 0x01, sessionSupport: 2, auxiliaryInfo: 0 };

/**
 * The channels that every BMC has: the primary IPMB (medium IPMB, protocol IPMB-1.0) and the system interface (KCS, without
 * interrupts). Nothing is connected to them here. OpenIPMI's library finds a BMC only through a channel that is an IPMB.
 */
const sessionlessChannels: ReadonlyMap<number, Omit<ChannelInfo, 'channelNumber'>> = new Map([
  [
    PRIMARY_IPMB,
    { medium: 0x01, protocol: 0x01, sessionSupport: 0, activeSessionCount: 0, auxiliaryInfo: 0 },
  ],
  [
    SYSTEM_INTERFACE,
    { medium: 0x0c, protocol: 0x05, sessionSupport: 0, activeSessionCount: 0, auxiliaryInfo: 0xffff },
  ],
]);

export const getChannelInfoHandler = defineHandler({
  command: getChannelInfo,
  privilege: 'user',
  handle: ({ channelNumber }, { sessions }) => {
    const sessionless = sessionlessChannels.get(channelNumber);
    if (sessionless !== undefined) return respond({ channelNumber, ...sessionless });
    if (!isLanChannel(channelNumber)) return refuse('invalidDataField');
    const activeSessionCount = Math.min(sessions.active().length, limits.sessions);
    return respond({ channelNumber: LAN_CHANNEL, ...lan, activeSessionCount });
  },
});
