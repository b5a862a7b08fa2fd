/**
 * The user ids of one BMC that clients have changed by IPMI, beside the users of the inventory: how a change is checked and made, and
 * how they are stored. A worker asks for changes, and an attacker may have taken it over: nothing of a change is trusted. Pure.
 */
import {
  passwordSizes,
  SLOT_COUNT,
  slotPrivileges,
  type BmcUser,
  type BmcUserSlot,
  type WorkerMessage,
} from '@vbmc/bmc-worker/ipc';
import { isRecord } from '../text/records.ts';

/** User id 1 belongs to the user without a name. */
const FIRST_USER_ID = 2;
/** Bytes 21h to 7Eh, at most 16: printable ASCII without the space. */
const namePattern = /^(?:2[1-9a-f]|[3-6][0-9a-f]|7[0-9a-e]){0,16}$/;
/** At most 20 bytes. */
const passwordPattern = /^(?:[0-9a-f]{2}){0,20}$/;

export type UserChange = Omit<Extract<WorkerMessage, { type: 'userChange' }>, 'type' | 'requestId'>;

/** What an id has before the first change. A client that sets a level with ipmitool leaves IPMI messaging as it is. */
function unchanged(id: number): BmcUserSlot {
  return {
    ...{ id, name: '', password: '', passwordSize: 16, isEnabled: false },
    ...{ ipmiMessaging: true, linkAuthentication: false, privilegeLimit: 'noAccess', mayUseSol: true },
  };
}

/**
 * The slots where they are beside so many users of the inventory. One whose id the inventory has taken gets the lowest free one; if
 * there is none, it has to wait.
 */
export function placed(
  slots: readonly BmcUserSlot[],
  fixedUsers: number,
): { readonly slots: readonly BmcUserSlot[]; readonly waiting: readonly BmcUserSlot[] } {
  const lowest = FIRST_USER_ID + fixedUsers;
  const inPlace = slots.filter(({ id }) => id >= lowest);
  const taken = new Set(inPlace.map(({ id }) => id));
  const waiting: BmcUserSlot[] = [];
  for (const slot of slots.filter(({ id }) => id < lowest)) {
    let id = lowest;
    while (taken.has(id)) id += 1;
    if (id > SLOT_COUNT) waiting.push(slot);
    else {
      taken.add(id);
      inPlace.push({ ...slot, id });
    }
  }
  return { slots: inPlace.sort((one, other) => one.id - other.id), waiting };
}

/** The slots after a change, or why there is none. */
export function changed(
  slots: readonly BmcUserSlot[],
  change: UserChange,
  fixed: readonly BmcUser[],
): readonly BmcUserSlot[] | string {
  const { slot: id, name, password } = change;
  if (id < FIRST_USER_ID + fixed.length || id > SLOT_COUNT) return `user id ${id} is not free`;
  if (name !== undefined && !namePattern.test(name)) return 'the name has bytes that no name may have';
  if (password !== undefined && !passwordPattern.test(password)) return 'the password is none';
  const others = slots.filter((one) => one.id !== id);
  if (name === '') return others;
  const names = [
    ...fixed.map((one) => Buffer.from(one.name).toString('hex')),
    ...others.map((one) => one.name),
  ];
  if (name !== undefined && names.includes(name)) return 'another user has this name';
  const before = slots.find((one) => one.id === id) ?? unchanged(id);
  const { passwordSize, isEnabled, ipmiMessaging, linkAuthentication, mayUseSol } = change;
  const after: BmcUserSlot = {
    id,
    name: name ?? before.name,
    password: password ?? before.password,
    passwordSize: passwordSizes.find((size) => String(size) === passwordSize) ?? before.passwordSize,
    isEnabled: isYes(isEnabled, before.isEnabled),
    ipmiMessaging: isYes(ipmiMessaging, before.ipmiMessaging),
    linkAuthentication: isYes(linkAuthentication, before.linkAuthentication),
    privilegeLimit: change.privilegeLimit ?? before.privilegeLimit,
    mayUseSol: isYes(mayUseSol, before.mayUseSol),
  };
  return [...others, after].sort((one, other) => one.id - other.id);
}

function isYes(answer: 'yes' | 'no' | undefined, before: boolean): boolean {
  return answer === undefined ? before : answer === 'yes';
}

/** For logs and `vbmc show`. */
export function slotName({ name }: Pick<BmcUserSlot, 'name'>): string {
  return Buffer.from(name, 'hex').toString('latin1');
}

/** Whether somebody can log in. */
export function isComplete({
  name,
  password,
  isEnabled,
  ipmiMessaging,
  privilegeLimit,
}: BmcUserSlot): boolean {
  return name !== '' && password !== '' && isEnabled && ipmiMessaging && privilegeLimit !== 'noAccess';
}

/** Undefined: they are none that vbmcd has stored. */
export function readSlots(value: unknown): readonly BmcUserSlot[] | undefined {
  if (!Array.isArray(value) || value.length > SLOT_COUNT || !value.every(isSlot)) return undefined;
  return new Set(value.map(({ id }) => id)).size === value.length ? value : undefined;
}

function isSlot(value: unknown): value is BmcUserSlot {
  if (!isRecord(value)) return false;
  const { id, name, password } = value;
  return (
    typeof id === 'number' &&
    Number.isInteger(id) &&
    id >= FIRST_USER_ID &&
    id <= SLOT_COUNT &&
    typeof name === 'string' &&
    namePattern.test(name) &&
    typeof password === 'string' &&
    passwordPattern.test(password) &&
    passwordSizes.some((size) => size === value['passwordSize']) &&
    slotPrivileges.some((privilege) => privilege === value['privilegeLimit']) &&
    ['isEnabled', 'ipmiMessaging', 'linkAuthentication', 'mayUseSol'].every(
      (key) => typeof value[key] === 'boolean',
    )
  );
}
