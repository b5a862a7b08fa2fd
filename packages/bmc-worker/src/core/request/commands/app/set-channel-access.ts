import { ALWAYS_AVAILABLE, channelAccessChange, privilegeLevel, setChannelAccess } from '@vbmc/ipmi-codec';
import { isLanChannel, PRIMARY_IPMB, SYSTEM_INTERFACE } from '../../../terms/lan-channel.ts';
import { refuse, respond } from '../../../terms/result.ts';
import { defineHandler } from '../handler.ts';

/** The inventory says who may do what: a client may set only what is so already, as `ipmitool lan set 1 access on` does. */
export const setChannelAccessHandler = defineHandler({
  command: setChannelAccess,
  privilege: 'administrator',
  handle: (request, { privilegeLimit }) => {
    const { channelNumber, accessChange, limitChange } = request;
    if (channelNumber === PRIMARY_IPMB || channelNumber === SYSTEM_INTERFACE)
      return refuse('notSupportedForChannel');
    const { none, present } = channelAccessChange;
    if (!isLanChannel(channelNumber) || accessChange > present || limitChange > present)
      return refuse('invalidDataField');
    if (accessChange !== none && request.accessMode !== ALWAYS_AVAILABLE)
      return refuse('accessModeNotSupported');
    const isAsFlags =
      request.pefAlertingDisabled &&
      !request.perMessageAuthenticationDisabled &&
      !request.userLevelAuthenticationDisabled;
    const isAsIs =
      (accessChange === none || isAsFlags) &&
      (limitChange === none || request.privilegeLimit === privilegeLevel[privilegeLimit]);
    return isAsIs ? respond(undefined) : refuse('invalidDataField');
  },
});
