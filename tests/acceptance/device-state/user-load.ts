/** A client that changes the users of one BMC by IPMI all the time: names, passwords, levels, enabled or not; and logs in as them. */
import {
  getUserAccess,
  getUserName,
  setUserAccess,
  setUserName,
  setUserPassword,
  USER_IS_ENABLED,
} from '@vbmc/ipmi-codec';
import type { LabBmc } from '#lab/inventory-text.ts';
import type { SeededRandom } from '#support/seeded-random.ts';
import { hexCode, logIn, UNANSWERED, type Remote } from './remote.ts';

/** Id 2 is the administrator of the inventory. */
const userIds = [3, 4, 5];
/** The channel on which the request comes. */
const THIS_CHANNEL = 0x0e;
const levels = [2, 3, 4] as const;
const PASSWORD_BYTES = 20;
const NAME_BYTES = 16;

interface User {
  readonly name: string;
  readonly password: string;
  readonly level: number;
  readonly isEnabled: boolean;
}
type Field = keyof User;

const fields: readonly Field[] = ['name', 'password', 'level', 'isEnabled'];

export class UserLoad {
  readonly #bmc: LabBmc;
  readonly #random: SeededRandom;
  /** Each field with the values that it may have: after a change that was not answered these are two. */
  readonly #users = new Map<number, { [field in Field]?: readonly User[field][] }>();
  #count = 0;
  readonly acknowledged = { changes: 0, logins: 0, unanswered: 0 };

  constructor(bmc: LabBmc, random: SeededRandom) {
    this.#bmc = bmc;
    this.#random = random;
  }

  /** Makes one change, and now and then logs in as the user who was changed. Resolves with whether it was answered. */
  async change(remote: Remote): Promise<boolean> {
    const userId = userIds[this.#random.below(userIds.length)] ?? 3;
    // A user is made whole at first: only then a name, a level or a password counts.
    const missing = fields.find((field) => this.#users.get(userId)?.[field] === undefined);
    const field = missing ?? fields[this.#random.below(fields.length)] ?? 'password';
    if (!(await this.#set(remote, userId, field))) {
      this.acknowledged.unanswered += 1;
      return false;
    }
    this.acknowledged.changes += 1;
    return field === 'password' || field === 'name' ? this.#logInAs(userId) : true;
  }

  /** Throws unless all users are as they were made. */
  async compare(remote: Remote): Promise<void> {
    for (const [userId, values] of this.#users) {
      const { userName } = await remote.tell(getUserName, { userId });
      const access = await remote.tell(getUserAccess, { channelNumber: THIS_CHANNEL, userId });
      const found = {
        name: textOf(userName),
        level: access.privilegeLimit,
        isEnabled: access.enableStatus === USER_IS_ENABLED,
      };
      for (const field of ['name', 'level', 'isEnabled'] as const) {
        const possible: readonly unknown[] | undefined = values[field];
        if (possible !== undefined && !possible.includes(found[field]))
          throw new Error(
            `${field} of user ${userId}: ${String(found[field])}, not ${possible.join(' or ')}`,
          );
      }
      if (values.name !== undefined) values.name = [found.name];
      if (values.level !== undefined) values.level = [found.level];
      if (values.isEnabled !== undefined) values.isEnabled = [found.isEnabled];
      if (values.password !== undefined) values.password = [await this.#passwordOf(remote, userId)];
      if (!(await this.#logInAs(userId))) throw new Error(`user ${userId} gets no answer to a login`);
    }
  }

  /** Those that may log in, with names and passwords. */
  complete(): readonly { readonly user: string; readonly password: string }[] {
    return [...this.#users.values()].flatMap((values) => {
      const user = certain(values);
      return user?.isEnabled === true ? [{ user: user.name, password: user.password }] : [];
    });
  }

  async #set(remote: Remote, userId: number, field: Field): Promise<boolean> {
    const values = this.#users.get(userId) ?? {};
    this.#users.set(userId, values);
    const number = (this.#count += 1);
    let asked;
    switch (field) {
      case 'name': {
        const name = `u${userId}n${number}`;
        values.name = [...(values.name ?? ['']), name];
        asked = remote.ask(setUserName, { userId, userName: padded(name, NAME_BYTES) });
        break;
      }
      case 'password': {
        const password = Buffer.from(this.#random.bytes(8)).toString('hex');
        values.password = [...(values.password ?? ['']), password];
        asked = remote.ask(setUserPassword, { userId, ...setTo(password) });
        break;
      }
      case 'level': {
        const level = levels[this.#random.below(levels.length)] ?? 2;
        values.level = [...(values.level ?? [0x0f]), level];
        const flags = { callbackOnly: false, linkAuthentication: false, ipmiMessaging: true };
        const request = {
          channelNumber: THIS_CHANNEL,
          flags,
          userId,
          privilegeLimit: level,
          sessionLimit: 0,
        };
        asked = remote.ask(setUserAccess, request);
        break;
      }
      case 'isEnabled': {
        // More often yes than no.
        const isEnabled = values.isEnabled === undefined || this.#random.below(4) > 0;
        values.isEnabled = [...(values.isEnabled ?? [false]), isEnabled];
        const operation = isEnabled ? 'enableUser' : 'disableUser';
        asked = remote.ask(setUserPassword, { userId, passwordSize: PASSWORD_BYTES, operation });
      }
    }
    const outcome = await asked;
    if (outcome === UNANSWERED) return false;
    if (outcome.completionCode !== 0)
      throw new Error(`${field} of user ${userId}: ${hexCode(outcome.completionCode)}`);
    settle(values, field);
    return true;
  }

  async #passwordOf(remote: Remote, userId: number): Promise<string> {
    const possible = this.#users.get(userId)?.password ?? [];
    for (const password of possible.toReversed()) {
      const request = { userId, ...setTo(password), operation: 'testPassword' } as const;
      const outcome = password === '' ? UNANSWERED : await remote.ask(setUserPassword, request);
      if (outcome !== UNANSWERED && outcome.completionCode === 0) return password;
    }
    if (possible.includes('')) return '';
    throw new Error(`user ${userId} has none of the ${possible.length} passwords that it may have`);
  }

  /** `false`: there was no answer. A login that is refused throws. */
  async #logInAs(userId: number): Promise<boolean> {
    const user = certain(this.#users.get(userId));
    if (user?.isEnabled !== true) return true;
    try {
      const session = await logIn(this.#bmc, user.name, user.password, 'user');
      await session?.close().catch(() => undefined);
      if (session === undefined) return false;
    } catch (error) {
      throw new Error(`${user.name} cannot log in: ${String(error)}`, { cause: error });
    }
    this.acknowledged.logins += 1;
    return true;
  }
}

/** `undefined`: somebody who cannot log in, or of whom that is in doubt. */
function certain(
  values: { readonly [field in Field]?: readonly User[field][] } | undefined,
): User | undefined {
  const { name, password, level, isEnabled } = values ?? {};
  if (name?.length !== 1 || password?.length !== 1 || level?.length !== 1 || isEnabled?.length !== 1)
    return undefined;
  const [user, word, privilege, enabled] = [name[0], password[0], level[0], isEnabled[0]];
  if (!user || !word || privilege === undefined || privilege === 0x0f || enabled === undefined)
    return undefined;
  return { name: user, password: word, level: privilege, isEnabled: enabled };
}

/** Only the last value is left. */
function settle(values: { [field in Field]?: readonly User[field][] }, field: Field): void {
  const last = values[field]?.slice(-1);
  Object.assign(values, { [field]: last });
}

function setTo(password: string) {
  return {
    passwordSize: PASSWORD_BYTES,
    operation: 'setPassword',
    password: padded(password, PASSWORD_BYTES),
  } as const;
}

function padded(text: string, bytes: number): Uint8Array {
  const padding = new Uint8Array(bytes);
  padding.set(Buffer.from(text, 'latin1'));
  return padding;
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1').replaceAll('\0', '');
}
