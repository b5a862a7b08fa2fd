import { keyLock, keyOperation, securityKey, setChannelSecurityKeys } from '@vbmc/ipmi-codec';
import { isLanChannel } from '../../../terms/lan-channel.ts';
import { refuse, respond } from '../../../terms/result.ts';
import { defineHandler } from '../handler.ts';

/** Bytes of K_g. */
const KEY_LENGTH = 20;
const locked = respond({ lock: keyLock.locked, key: new Uint8Array(0) });

/**
 * K_g is the inventory's. No client sets it, and none gets to see it. Zeros mean that there is none: `bmc-config --commit` writes back
 * what it has checked out, and fails if that is refused.
 */
export const setChannelSecurityKeysHandler = defineHandler({
  command: setChannelSecurityKeys,
  privilege: 'administrator',
  handle: ({ channelNumber, operation, keyId, key }, { hasKg }) => {
    if (!isLanChannel(channelNumber) || operation > keyOperation.lock) return refuse('invalidDataField');
    if (keyId === securityKey.kr) return refuse('krIsNotUsed');
    if (keyId !== securityKey.kg) return refuse('invalidDataField');
    if (operation !== keyOperation.set) return locked;
    if (key.length !== KEY_LENGTH) return refuse('requestDataLengthInvalid');
    const isSoAlready = !hasKg && key.every((byte) => byte === 0);
    return isSoAlready ? locked : refuse('keyIsLocked');
  },
});
