import { setUserName } from '@vbmc/ipmi-codec';
import { refuse } from '../../../terms/result.ts';
import { changeUser, unpadded } from '../change-user.ts';
import { defineHandler } from '../handler.ts';
import { allViews } from '../user-views.ts';

/** Printable ASCII without the space: whatever shows a name can show it. */
function isPlain(name: Uint8Array): boolean {
  return name.every((byte) => byte > 0x20 && byte < 0x7f);
}

/** CCh: another id has the name, or it has bytes that are no letters, digits or signs. */
export const setUserNameHandler = defineHandler({
  command: setUserName,
  privilege: 'administrator',
  handle: ({ userId, userName }, bmc, context) => {
    const name = unpadded(userName);
    const isTaken = allViews(bmc.sessions).some(
      ({ paddedName }, at) =>
        name.length > 0 && at + 1 !== userId && String(unpadded(paddedName)) === String(name),
    );
    if (isTaken || !isPlain(name)) return refuse('invalidDataField');
    return changeUser(userId, { name }, bmc, context);
  },
});
