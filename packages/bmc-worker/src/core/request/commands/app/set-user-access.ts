import { NO_ACCESS, privilegeLevelNames, setUserAccess } from '@vbmc/ipmi-codec';
import { isLanChannel } from '../../../terms/lan-channel.ts';
import { refuse } from '../../../terms/result.ts';
import { changeUser } from '../change-user.ts';
import { defineHandler } from '../handler.ts';

/** CCh: a limit of sessions for one user, or a call back, which a LAN channel cannot make. */
export const setUserAccessHandler = defineHandler({
  command: setUserAccess,
  privilege: 'administrator',
  handle: ({ channelNumber, flags, userId, privilegeLimit, sessionLimit }, bmc, context) => {
    const level = privilegeLimit === NO_ACCESS ? 'noAccess' : privilegeLevelNames.get(privilegeLimit);
    if (
      !isLanChannel(channelNumber) ||
      level === undefined ||
      flags?.callbackOnly === true ||
      sessionLimit !== 0
    )
      return refuse('invalidDataField');
    const kept = flags && {
      linkAuthentication: flags.linkAuthentication,
      ipmiMessaging: flags.ipmiMessaging,
    };
    return changeUser(userId, { privilegeLimit: level, ...kept }, bmc, context);
  },
});
