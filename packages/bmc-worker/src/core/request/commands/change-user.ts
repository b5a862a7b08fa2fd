import type { NoData } from '@vbmc/ipmi-codec';
import type { SlotAccess, UserChange } from '../../terms/user-change.ts';
import { remoteAddressText } from '../../terms/remote-address.ts';
import { refuse, respond } from '../../terms/result.ts';
import { afterAnswer, type Bmc, type HandlerResult, type RequestContext } from './handler.ts';
import { viewOf, type UserView } from './user-views.ts';

/** A name or password of fixed length, without the zeros at its end. A copy. */
export function unpadded(bytes: Uint8Array): Uint8Array {
  let { length } = bytes;
  while (length > 0 && bytes[length - 1] === 0) length -= 1;
  return bytes.slice(0, length);
}

/**
 * Changes a user id by the supervisor, which stores it. What is so already needs no change, and is answered 00h whoever may change
 * users: FreeIPMI writes back all that it has read. D6h: the inventory does not let IPMI change this user.
 */
export function changeUser(
  userId: number,
  change: UserChange | ((view: UserView) => UserChange),
  bmc: Bmc,
  { session, from }: RequestContext,
): HandlerResult<NoData> {
  const view = viewOf(userId, bmc.sessions);
  if (view === undefined) return refuse('invalidDataField');
  const wanted = typeof change === 'function' ? change(view) : change;
  if (isSo(view, wanted)) return respond(undefined);
  if (view.isFixed || !bmc.userChanges) return refuse('subFunctionDisabled');
  const user = session?.user?.displayName ?? '';
  const question = {
    kind: 'changeUser',
    slot: userId,
    change: wanted,
    isOwn: String(session?.user?.paddedName()) === String(view.paddedName),
    user,
    source: remoteAddressText(from),
  } as const;
  return afterAnswer(question, () => respond(undefined));
}

function isSo(
  { hasPassword, paddedName, ...access }: UserView,
  { name, password, ...rest }: UserChange,
): boolean {
  if (name !== undefined && String(unpadded(paddedName)) !== String(name)) return false;
  if (password !== undefined && !hasPassword(password)) return false;
  return (Object.entries(rest) as [keyof SlotAccess, unknown][]).every(
    ([field, value]) => access[field] === value,
  );
}
