import {
  getUserAccess,
  NO_ACCESS,
  privilegeLevel,
  USER_IS_DISABLED,
  USER_IS_ENABLED,
} from '@vbmc/ipmi-codec';
import { isLanChannel } from '../../../terms/lan-channel.ts';
import { refuse, respond } from '../../../terms/result.ts';
import { defineHandler } from '../handler.ts';
import { allViews, fixedNames, lastUserId, viewOf } from '../user-views.ts';

export const getUserAccessHandler = defineHandler({
  command: getUserAccess,
  privilege: 'operator',
  handle: ({ channelNumber, userId }, { sessions }) => {
    const view = viewOf(userId, sessions);
    if (!isLanChannel(channelNumber) || view === undefined) return refuse('invalidDataField');
    const { isEnabled, ipmiMessaging, linkAuthentication, privilegeLimit } = view;
    return respond({
      maximumUserIds: lastUserId(sessions),
      enabledUserIds: allViews(sessions).filter((one) => one.isEnabled).length,
      fixedNames: fixedNames(sessions),
      enableStatus: isEnabled ? USER_IS_ENABLED : USER_IS_DISABLED,
      callbackOnly: false,
      ...{ linkAuthentication, ipmiMessaging },
      privilegeLimit: privilegeLimit === 'noAccess' ? NO_ACCESS : privilegeLevel[privilegeLimit],
    });
  },
});
