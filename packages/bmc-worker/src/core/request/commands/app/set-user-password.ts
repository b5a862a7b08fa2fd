import { setUserPassword } from '@vbmc/ipmi-codec';
import { refuse, respond } from '../../../terms/result.ts';
import { changeUser, unpadded } from '../change-user.ts';
import { defineHandler } from '../handler.ts';
import { viewOf } from '../user-views.ts';

/**
 * 80h, 81h: the password that was to be tested is another one, or was set with another size. C0h: too many wrong ones were tried, and
 * the user of that name is locked out at this address, or has to wait, as after failed logins.
 */
export const setUserPasswordHandler = defineHandler({
  command: setUserPassword,
  privilege: 'administrator',
  handle: (request, bmc, context) => {
    const { userId, passwordSize, operation } = request;
    if (!('password' in request))
      return changeUser(userId, { isEnabled: operation === 'enableUser' }, bmc, context);
    const password = unpadded(request.password);
    const view = viewOf(userId, bmc.sessions);
    const isTest = operation === 'testPassword';
    const change = () => changeUser(userId, { password, passwordSize }, bmc, context);
    // To set one that cannot be set tells whether it is that, too.
    if (!isTest && (view === undefined || (!view.isFixed && bmc.userChanges))) return change();
    const { session, now } = context;
    if (view === undefined || session === undefined) return refuse('invalidDataField');
    const name = unpadded(view.paddedName);
    if (!bmc.sessions.mayTestPassword(name, session, now)) return refuse('nodeBusy');
    // A user without a password has none that one could know.
    const isRight = view.hasPassword(password) && password.length > 0;
    if (!isRight) bmc.sessions.notePasswordDiffers(name, session, now);
    if (!isTest) return change();
    if (view.passwordSize !== passwordSize) return refuse('passwordSizeDiffers');
    return isRight ? respond(undefined) : refuse('passwordDiffers');
  },
});
