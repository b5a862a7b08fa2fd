import { getUserPayloadAccess, setUserPayloadAccess } from '@vbmc/ipmi-codec';
import { isLanChannel } from '../../../terms/lan-channel.ts';
import { refuse, respond } from '../../../terms/result.ts';
import { changeUser } from '../change-user.ts';
import { defineHandler } from '../handler.ts';
import { viewOf } from '../user-views.ts';

const ENABLE = 0;
const DISABLE = 1;

/** The only payload that a user may be kept from is Serial over LAN. */
export const setUserPayloadAccessHandler = defineHandler({
  command: setUserPayloadAccess,
  privilege: 'administrator',
  handle: ({ channelNumber, userId, operation, payloads }, bmc, context) => {
    const isKnown = operation === ENABLE || operation === DISABLE;
    if (!isLanChannel(channelNumber) || !isKnown || payloads.others) return refuse('invalidDataField');
    return changeUser(userId, payloads.sol ? { mayUseSol: operation === ENABLE } : {}, bmc, context);
  },
});

export const getUserPayloadAccessHandler = defineHandler({
  command: getUserPayloadAccess,
  privilege: 'operator',
  handle: ({ channelNumber, userId }, { sessions }) => {
    const view = viewOf(userId, sessions);
    if (!isLanChannel(channelNumber) || view === undefined) return refuse('invalidDataField');
    return respond({ sol: view.mayUseSol, others: false });
  },
});
