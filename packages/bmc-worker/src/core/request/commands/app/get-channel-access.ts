import { ALWAYS_AVAILABLE, getChannelAccess, privilegeLevel } from '@vbmc/ipmi-codec';
import { isLanChannel, PRIMARY_IPMB, SYSTEM_INTERFACE } from '../../../terms/lan-channel.ts';
import { refuse, respond } from '../../../terms/result.ts';
import { defineHandler } from '../handler.ts';

export const getChannelAccessHandler = defineHandler({
  command: getChannelAccess,
  privilege: 'user',
  handle: ({ channelNumber, settings }, { privilegeLimit }) => {
    if (channelNumber === PRIMARY_IPMB || channelNumber === SYSTEM_INTERFACE)
      return refuse('notSupportedForChannel');
    // 1 asks for the non-volatile settings, 2 for the present ones, and here both are the same. 0 and 3 are reserved.
    if (!isLanChannel(channelNumber) || (settings !== 1 && settings !== 2)) return refuse('invalidDataField');
    return respond({
      pefAlertingDisabled: true,
      perMessageAuthenticationDisabled: false,
      userLevelAuthenticationDisabled: false,
      accessMode: ALWAYS_AVAILABLE,
      privilegeLimit: privilegeLevel[privilegeLimit],
    });
  },
});
