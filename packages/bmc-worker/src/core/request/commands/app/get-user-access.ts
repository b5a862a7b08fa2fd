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
import { lastUserId, userOfId } from '../user-ids.ts';

export const getUserAccessHandler = defineHandler({
  command: getUserAccess,
  privilege: 'operator',
  handle: ({ channelNumber, userId }, { sessions }) => {
    const maximumUserIds = lastUserId(sessions);
    if (!isLanChannel(channelNumber) || userId === 0 || userId > maximumUserIds)
      return refuse('invalidDataField');
    const user = userOfId(userId, sessions);
    return respond({
      maximumUserIds,
      enabledUserIds: maximumUserIds - 1,
      // User 1 has no name, and cannot be given one.
      fixedNames: 1,
      enableStatus: user === undefined ? USER_IS_DISABLED : USER_IS_ENABLED,
      callbackOnly: false,
      linkAuthentication: false,
      ipmiMessaging: user !== undefined,
      privilegeLimit: user === undefined ? NO_ACCESS : privilegeLevel[user.privilegeLimit],
    });
  },
});
