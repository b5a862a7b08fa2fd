import { keyLock, keyOperation, securityKey, setChannelSecurityKeys } from '@vbmc/ipmi-codec';
import { isLanChannel } from '../../../terms/lan-channel.ts';
import { refuse, respond } from '../../../terms/result.ts';
import { defineHandler } from '../handler.ts';

const locked = respond({ lock: keyLock.locked, key: new Uint8Array(0) });

/** K_g is the inventory's. No client sets it, and none gets to see it. */
export const setChannelSecurityKeysHandler = defineHandler({
  command: setChannelSecurityKeys,
  privilege: 'administrator',
  handle: ({ channelNumber, operation, keyId }) => {
    if (!isLanChannel(channelNumber) || operation > keyOperation.lock) return refuse('invalidDataField');
    if (keyId === securityKey.kr) return refuse('krIsNotUsed');
    if (keyId !== securityKey.kg) return refuse('invalidDataField');
    return operation === keyOperation.set ? refuse('keyIsLocked') : locked;
  },
});
