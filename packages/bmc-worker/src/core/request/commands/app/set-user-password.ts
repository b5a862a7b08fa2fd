import { setUserPassword } from '@vbmc/ipmi-codec';
import { refuse, respond } from '../../../terms/result.ts';
import { changeUser, unpadded } from '../change-user.ts';
import { defineHandler } from '../handler.ts';
import { viewOf } from '../user-views.ts';

/** 80h, 81h: the password that was to be tested is another one, or was set with another size. */
export const setUserPasswordHandler = defineHandler({
  command: setUserPassword,
  privilege: 'administrator',
  handle: (request, bmc, context) => {
    const { userId, passwordSize, operation } = request;
    if (!('password' in request))
      return changeUser(userId, { isEnabled: operation === 'enableUser' }, bmc, context);
    const password = unpadded(request.password);
    if (operation === 'setPassword') return changeUser(userId, { password, passwordSize }, bmc, context);
    const view = viewOf(userId, bmc.sessions);
    if (view === undefined) return refuse('invalidDataField');
    if (view.passwordSize !== passwordSize) return refuse('passwordSizeDiffers');
    // A user without a password has none that one could know.
    const isIt = view.hasPassword(password) && password.length > 0;
    return isIt ? respond(undefined) : refuse('passwordDiffers');
  },
});
