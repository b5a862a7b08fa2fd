import { authenticationType, getSessionChallenge } from '@vbmc/ipmi-codec';
import { refuse } from '../../../terms/result.ts';
import { defineHandler } from '../handler.ts';

/** Begins an IPMI 1.5 session: only if the inventory allows them, and only with MD5, which does not reveal the password. */
export const getSessionChallengeHandler = defineHandler({
  command: getSessionChallenge,
  privilege: 'none',
  handle: ({ authenticationType: type, userName }, { allowsIpmiV15, sessions }, { from, now }) => {
    if (!allowsIpmiV15) return refuse('subFunctionDisabled');
    if (type !== authenticationType.md5) return refuse('invalidDataField');
    return sessions.challenge(userName, from, now);
  },
});
