import { getUserName } from '@vbmc/ipmi-codec';
import { refuse, respond } from '../../../terms/result.ts';
import { defineHandler } from '../handler.ts';
import { viewOf } from '../user-views.ts';

export const getUserNameHandler = defineHandler({
  command: getUserName,
  privilege: 'operator',
  handle: ({ userId }, { sessions }) => {
    const view = viewOf(userId, sessions);
    return view === undefined ? refuse('invalidDataField') : respond({ userName: view.paddedName });
  },
});
