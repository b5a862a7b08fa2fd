/** Users made and changed by IPMI: what is asked of the supervisor, what is refused, and who may log in. */
import {
  getUserAccess,
  getUserName,
  getUserPayloadAccess,
  setUserAccess,
  setUserName,
  setUserPassword,
  setUserPayloadAccess,
  type Command,
  type SetUserAccessRequest,
  type SetUserPasswordRequest,
} from '@vbmc/ipmi-codec';
import { UserSlot } from '#worker/core/session/user-slot.ts';
import type { SlotAccess } from '#worker/core/terms/user-change.ts';
import { login, readOnly, respondTo } from '#support/bmc/console-of-bmc.ts';
import { passwordOf, SimulatedBmc, users } from '#support/bmc/simulated-bmc.ts';

function ascii(text: string, length: number): Uint8Array {
  return Uint8Array.from(Buffer.from(text.padEnd(length, '\0')));
}
function utf8(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text));
}
const access: SlotAccess = {
  ...{ passwordSize: 16, isEnabled: true, ipmiMessaging: true, linkAuthentication: true },
  ...{ privilegeLimit: 'administrator', mayUseSol: false },
};
function slot(id: number, name: string, changed: Partial<SlotAccess> = {}): UserSlot {
  return new UserSlot(id, utf8(name), utf8(passwordOf(name)), { ...access, ...changed });
}
function bmcWith(...slots: UserSlot[]): SimulatedBmc {
  const bmc = SimulatedBmc.started({ userChanges: true });
  bmc.handle({ type: 'users', users, slots });
  return bmc;
}
/** The completion code; what is asked of the supervisor is answered by one in good order. */
function codeOf<Request, Response>(
  bmc: SimulatedBmc,
  command: Command<Request, Response>,
  request: Request,
): number {
  const console = login(bmc);
  const sent = bmc.send(console.request(command, request));
  const answer = readOnly(console, sent.length > 0 ? sent : bmc.answerAll());
  if (answer.kind !== 'response') throw new Error(JSON.stringify(answer));
  return answer.completionCode;
}
function named(userId: number, name: string): { userId: number; userName: Uint8Array } {
  return { userId, userName: ascii(name, 16) };
}
function password(
  userId: number,
  text: string,
  size: 16 | 20 = 16,
): SetUserPasswordRequest & { readonly password: Uint8Array } {
  return { userId, passwordSize: size, operation: 'setPassword', password: ascii(text, size) };
}
function level(userId: number, privilegeLimit: number): SetUserAccessRequest {
  return { channelNumber: 1, userId, privilegeLimit, sessionLimit: 0 };
}

describe('what a client changes is asked of the supervisor', () => {
  test.each([
    ['a name', setUserName, named(6, 'maas'), { name: utf8('maas') }],
    ['no name', setUserName, named(7, ''), { name: utf8('') }],
    ['a password', setUserPassword, password(6, 'pw', 20), { password: utf8('pw'), passwordSize: 20 }],
    [
      'enabled',
      setUserPassword,
      { userId: 6, passwordSize: 16, operation: 'enableUser' },
      { isEnabled: true },
    ],
    ['a level', setUserAccess, level(6, 3), { privilegeLimit: 'operator' }],
    ['no access', setUserAccess, level(7, 15), { privilegeLimit: 'noAccess' }],
    [
      'flags',
      setUserAccess,
      { ...level(6, 4), flags: { callbackOnly: false, linkAuthentication: true, ipmiMessaging: false } },
      { privilegeLimit: 'administrator', linkAuthentication: true, ipmiMessaging: false },
    ],
    [
      'Serial over LAN',
      setUserPayloadAccess,
      { channelNumber: 0x0e, userId: 7, operation: 0, payloads: { sol: true, others: false } },
      { mayUseSol: true },
    ],
  ] as readonly [string, Command<unknown, unknown>, { userId: number }, object][])(
    '%s',
    (_, command, request, change) => {
      const bmc = bmcWith(slot(7, 'made'));
      expect(codeOf(bmc, command, request)).toBe(0);
      expect(bmc.questions).toMatchObject([
        { question: { kind: 'changeUser', slot: request.userId, change, user: 'administrator' } },
      ]);
    },
  );
});

describe('what is so already is answered 00h without a question, whoever may change users', () => {
  test.each([
    ['the name of the inventory', setUserName, named(2, 'administrator')],
    ['the password of the inventory', setUserPassword, password(3, passwordOf('operator'), 20)],
    [
      'a user of the inventory is enabled',
      setUserPassword,
      { userId: 2, passwordSize: 16, operation: 'enableUser' },
    ],
    ['the level of the inventory', setUserAccess, level(3, 3)],
    ['nobody has no name', setUserName, named(1, '')],
    ['a free id has no name', setUserName, named(9, '')],
  ] as readonly [string, Command<unknown, unknown>, unknown][])('%s', (_, command, request) => {
    const bmc = SimulatedBmc.started();
    expect(codeOf(bmc, command, request)).toBe(0);
    expect(bmc.questions).toEqual([]);
  });
});

const DISABLED = 0xd6;
const INVALID = 0xcc;

test.each([
  ['a name of the inventory', true, setUserName, named(2, 'root'), DISABLED],
  ['a password of the inventory', true, setUserPassword, password(2, 'stolen'), DISABLED],
  ['a level of the inventory', true, setUserAccess, level(3, 4), DISABLED],
  ['a name for nobody', true, setUserName, named(1, 'x'), DISABLED],
  ['a free id while user_changes is no', false, setUserName, named(6, 'x'), DISABLED],
  ['a name that another id has', true, setUserName, named(6, 'operator'), INVALID],
  ['a name that a made user has', true, setUserName, named(6, 'made'), INVALID],
  ['a name with a space', true, setUserName, named(6, 'a b'), INVALID],
  ['a name with a zero within', true, setUserName, named(6, 'a\0b'), INVALID],
  ['an id beyond the last', true, setUserName, named(11, 'x'), INVALID],
  ['a reserved level', true, setUserAccess, level(6, 5), INVALID],
  ['another channel', true, setUserAccess, { ...level(6, 4), channelNumber: 2 }, INVALID],
  ['a limit of sessions', true, setUserAccess, { ...level(6, 4), sessionLimit: 1 }, INVALID],
] as readonly [string, boolean, Command<unknown, unknown>, unknown, number][])(
  '%s is refused',
  (_, userChanges, command, request, code) => {
    const bmc = SimulatedBmc.started({ userChanges });
    bmc.handle({ type: 'users', users, slots: [slot(7, 'made')] });
    expect(codeOf(bmc, command, request)).toBe(code);
    expect(bmc.questions).toEqual([]);
  },
);

test.each([
  [3, passwordOf('operator'), 20, 0],
  [3, 'secret', 16, 0x81],
  [4, passwordOf('user'), 16, 0],
  [4, 'another', 16, 0x80],
  [7, passwordOf('made'), 16, 0],
  [7, `${passwordOf('made')}x`, 16, 0x80],
  [9, '', 16, 0x80],
] as const)(
  'a test of the password of user %i as %j of %i bytes is answered %i in any mode',
  (userId, text, size, code) => {
    const bmc = SimulatedBmc.started();
    bmc.handle({ type: 'users', users, slots: [slot(7, 'made')] });
    expect(codeOf(bmc, setUserPassword, { ...password(userId, text, size), operation: 'testPassword' })).toBe(
      code,
    );
  },
);

describe.each([
  ['tested', 'testPassword', true, 0x80],
  ['set where it cannot be', 'setPassword', false, 0xd6],
] as const)('wrong passwords of a user that are %s', (_, operation, userChanges, code) => {
  function start() {
    const bmc = SimulatedBmc.started({ userChanges, loginPolicy: { attempts: 5, lockoutMs: 60_000 } });
    const console = login(bmc);
    const guess = (userId: number, text: string): number =>
      respondTo(bmc, console, setUserPassword, { ...password(userId, text), operation }).completionCode;
    return { bmc, guess };
  }

  test('count like failed logins, and lock the name out at that address', () => {
    const { bmc, guess } = start();
    const codes = Array.from({ length: 5 }, () => {
      bmc.now += 5_000;
      return guess(4, 'wrong');
    });
    expect(codes).toEqual([code, code, code, code, code]);
    expect(bmc.eventsOf('loginLockedOut')).toMatchObject([{ user: 'user', failures: 5 }]);
    expect(guess(4, passwordOf('user'))).toBe(0xc0);
    expect(guess(2, passwordOf('administrator').slice(0, 16))).not.toBe(0xc0);
    bmc.now += 30_000;
    expect(guess(4, passwordOf('user'))).toBe(0xc0);
    bmc.now += 30_001;
    expect(guess(4, passwordOf('user'))).toBe(0);
  });

  test('count for a user who has lately logged in from there, too', () => {
    const { bmc, guess } = start();
    login(bmc, { as: 'user', level: 'user' });
    for (let count = 0; count < 5; count += 1) {
      bmc.now += 5_000;
      guess(4, 'wrong');
    }
    expect(guess(4, passwordOf('user'))).toBe(0xc0);
    expect(() => login(bmc, { as: 'user', level: 'user' })).not.toThrow();
  });
});

test('a made user logs in with its level; one that is not complete does not', () => {
  const bmc = bmcWith(slot(7, 'made', { privilegeLimit: 'operator' }));
  expect(() => login(bmc, { as: 'made', level: 'operator' })).not.toThrow();
  for (const changed of [
    { isEnabled: false },
    { ipmiMessaging: false },
    { privilegeLimit: 'noAccess' },
  ] as const) {
    const another = bmcWith(slot(7, 'made', changed));
    expect(() => login(another, { as: 'made', level: 'user' })).toThrow();
  }
});

test('the inventory wins over a made user of the same name', () => {
  const bmc = bmcWith(
    new UserSlot(7, utf8('operator'), utf8('stolen'), { ...access, privilegeLimit: 'administrator' }),
  );
  expect(() => login(bmc, { as: 'operator', level: 'operator' })).not.toThrow();
  expect(() => login(bmc, { as: 'operator', level: 'administrator' })).toThrow();
});

test('what is read back', () => {
  const bmc = bmcWith(slot(7, 'made'));
  const console = login(bmc);
  expect(respondTo(bmc, console, getUserName, { userId: 7 }).value).toEqual({ userName: ascii('made', 16) });
  expect(respondTo(bmc, console, getUserAccess, { channelNumber: 1, userId: 7 }).value).toMatchObject({
    ...{ maximumUserIds: 10, enabledUserIds: 5, fixedNames: 5, enableStatus: 1 },
    ...{ linkAuthentication: true, ipmiMessaging: true, privilegeLimit: 4 },
  });
  for (const [userId, sol] of [
    [2, true],
    [7, false],
    [9, false],
  ] as const)
    expect(respondTo(bmc, console, getUserPayloadAccess, { channelNumber: 1, userId }).value).toMatchObject({
      sol,
    });
});

test('a user who changes the own password is answered, and its session ends soon', () => {
  const bmc = bmcWith(slot(7, 'made'));
  const console = login(bmc, { as: 'made' });
  const another = login(bmc, { as: 'made' });
  bmc.send(console.request(setUserPassword, password(7, 'new')));
  bmc.handle({ type: 'users', users, slots: [new UserSlot(7, utf8('made'), utf8('new'), access)] });
  expect(readOnly(console, bmc.answerAll())).toMatchObject({ completionCode: 0 });
  expect(bmc.send(another.request(getUserName, { userId: 7 }))).toEqual([]);
  expect(bmc.send(console.request(getUserName, { userId: 7 }))).toHaveLength(1);
  bmc.advance(6_000);
  expect(bmc.send(console.request(getUserName, { userId: 7 }))).toEqual([]);
  expect(bmc.eventsOf('sessionClosed').map(({ cause }) => cause)).toEqual(['userChanged', 'userChanged']);
});
