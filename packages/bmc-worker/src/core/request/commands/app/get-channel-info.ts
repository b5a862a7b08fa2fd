import { getChannelInfo } from '@vbmc/ipmi-codec';
import { isLanChannel, LAN_CHANNEL } from '../../../terms/lan-channel.ts';
import { limits } from '../../../terms/limits.ts';
import { refuse, respond } from '../../../terms/result.ts';
import { defineHandler } from '../handler.ts';

export const getChannelInfoHandler = defineHandler({
  command: getChannelInfo,
  privilege: 'user',
  handle: ({ channelNumber }, { sessions }) =>
    isLanChannel(channelNumber)
      ? respond({
          channelNumber: LAN_CHANNEL,
          activeSessionCount: Math.min(sessions.active().length, limits.sessions),
        })
      : refuse('invalidDataField'),
});
