import { getUserName } from '@vbmc/ipmi-codec';
import { refuse, respond } from '../../../terms/result.ts';
import { defineHandler } from '../handler.ts';
import { lastUserId, userOfId } from '../user-ids.ts';

export const getUserNameHandler = defineHandler({
  command: getUserName,
  privilege: 'operator',
  handle: ({ userId }, { sessions }) => {
    if (userId === 0 || userId > lastUserId(sessions)) return refuse('invalidDataField');
    return respond({ userName: userOfId(userId, sessions)?.paddedName() ?? new Uint8Array(16) });
  },
});
