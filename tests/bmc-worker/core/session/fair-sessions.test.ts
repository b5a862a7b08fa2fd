/** Active sessions are shared by users and levels, so that no account keeps the administrator out. */
import { getDeviceId, type PrivilegeLevel } from '@vbmc/ipmi-codec';
import { limits } from '#worker/core/terms/limits.ts';
import { User } from '#worker/core/session/user.ts';
import type { RemoteAddress } from '#worker/core/terms/remote-address.ts';
import type { ConsoleAnswer } from '#support/console/console-answer.ts';
import type { RemoteConsole } from '#support/console/remote-console.ts';
import { completionCodeOf, handshake, newConsole } from '#support/bmc/console-of-bmc.ts';
import { passwordOf, SimulatedBmc } from '#support/bmc/simulated-bmc.ts';

const utf8 = new TextEncoder();
function user(name: string, privilege: PrivilegeLevel): User {
  return new User(name, utf8.encode(name), utf8.encode(passwordOf(name)), privilege);
}
const users: readonly User[] = [
  ...['admin', 'root'].map((name) => user(name, 'administrator')),
  ...['ironic', 'fencing'].map((name) => user(name, 'operator')),
  ...['monitor', 'grafana', 'nagios', 'zabbix'].map((name) => user(name, 'user')),
];
const loggedIn = { kind: 'rakpMessage4', verified: true };
const refusal = {
  kind: 'refusal',
  of: 'rakpMessage3',
  refusal: { status: 'insufficientResourcesToCreateSession' },
};

function host(n: number): RemoteAddress {
  return { address: `10.0.${n >> 8}.${n & 255}`, port: 7 };
}

interface Attempt {
  readonly console: RemoteConsole;
  readonly end: ConsoleAnswer;
}
let hosts = 0;
function tryAs(bmc: SimulatedBmc, userName: string, level: PrivilegeLevel, from?: RemoteAddress): Attempt {
  const console = newConsole({ userName, privilegeLevel: level });
  return { console, end: handshake(bmc, console, from ?? host((hosts += 1))) };
}
/** How many of 70 logins in a row get a session. */
function fill(bmc: SimulatedBmc, userName: string, level: PrivilegeLevel): number {
  return Array.from({ length: 70 }, () => tryAs(bmc, userName, level)).filter(
    ({ end }) => end.kind === 'rakpMessage4',
  ).length;
}
function works(bmc: SimulatedBmc, { console }: Attempt): boolean {
  return bmc.send(console.request(getDeviceId, undefined)).length === 1;
}

test('a user of level user gets 16, all of them 40, operators beside them 55, an administrator the rest', () => {
  const bmc = SimulatedBmc.started({ users });

  expect(fill(bmc, 'monitor', 'user')).toBe(limits.sessionsPerUser.user);
  expect(fill(bmc, 'grafana', 'user')).toBe(16);
  expect(fill(bmc, 'nagios', 'user')).toBe(8);
  expect(fill(bmc, 'zabbix', 'user')).toBe(0);
  expect(fill(bmc, 'ironic', 'operator')).toBe(15);
  expect(bmc.figures.activeSessions).toBe(limits.sessionsUpToLevel.operator);
});

test('an administrator who asks for level user has that level’s share', () => {
  const bmc = SimulatedBmc.started({ users });

  expect(fill(bmc, 'admin', 'user')).toBe(16);
  expect(tryAs(bmc, 'admin', 'administrator').end).toMatchObject(loggedIn);
});

test('an administrator gets in each of 100 times while others hold all places, and ends the idlest session of a lower level', () => {
  const bmc = SimulatedBmc.started({ users });
  const held = ['monitor', 'grafana', 'nagios'].flatMap((name) =>
    Array.from({ length: 13 }, () => tryAs(bmc, name, 'user')),
  );
  for (let n = 0; n < 15; n += 1) tryAs(bmc, 'ironic', 'operator');
  for (let n = 0; n < 9; n += 1) tryAs(bmc, 'admin', 'administrator');
  expect(bmc.figures.activeSessions).toBe(limits.sessions);
  // All but the sixth are used.
  bmc.advance(1_000);
  const idlest = held[5];
  for (const attempt of held) if (attempt !== idlest) works(bmc, attempt);

  const entered = Array.from({ length: 20 }, () => tryAs(bmc, 'admin', 'administrator'));
  expect(entered.map(({ end }) => end.kind)).toEqual(Array(20).fill('rakpMessage4'));
  expect(idlest && works(bmc, idlest)).toBe(false);
  expect(bmc.figures.activeSessions).toBe(limits.sessions);
  const displaced = bmc.eventsOf('sessionClosed');
  expect(displaced).toHaveLength(20);
  expect(new Set(displaced.map(({ cause }) => cause))).toEqual(new Set(['displaced']));
  expect(entered.every((attempt) => works(bmc, attempt))).toBe(true);
});

test('an administrator at an address that is full ends a lower session of the same address', () => {
  const bmc = SimulatedBmc.started({ users });
  const elsewhere = tryAs(bmc, 'monitor', 'user');
  const from = host(60_000);
  for (let n = 0; n < 16; n += 1) tryAs(bmc, 'grafana', 'user', from);
  for (let n = 0; n < 12; n += 1) tryAs(bmc, 'ironic', 'operator', from);
  bmc.advance(1_000);
  for (let n = 0; n < 4; n += 1)
    expect(tryAs(bmc, 'admin', 'administrator', from).end).toMatchObject(loggedIn);
  expect(bmc.eventsOf('sessionClosed')).toEqual([]);

  expect(tryAs(bmc, 'fencing', 'operator', from).end).toMatchObject({ kind: 'refusal' });
  expect(tryAs(bmc, 'admin', 'administrator', from).end).toMatchObject(loggedIn);
  expect(bmc.eventsOf('sessionClosed')).toMatchObject([{ user: 'grafana', cause: 'displaced' }]);
  expect(works(bmc, elsewhere)).toBe(true);
});

test('an operator gets in where several users of level user hold all that they get at the same address', () => {
  const bmc = SimulatedBmc.started({ users });
  const from = host(60_001);
  const held = ['monitor', 'grafana'].flatMap((name) =>
    Array.from({ length: 20 }, () => tryAs(bmc, name, 'user', from)),
  );
  expect(held.filter(({ end }) => end.kind === 'rakpMessage4')).toHaveLength(24);

  expect(tryAs(bmc, 'ironic', 'operator', from).end).toMatchObject(loggedIn);
  expect(bmc.eventsOf('sessionClosed')).toEqual([]);
});

test('an operator ends no session of others, and administrators end none of each other', () => {
  const bmc = SimulatedBmc.started({ users });
  expect(fill(bmc, 'admin', 'administrator')).toBe(limits.sessionsPerUser.administrator);
  expect(fill(bmc, 'root', 'administrator')).toBe(limits.sessions - limits.sessionsPerUser.administrator);

  expect(tryAs(bmc, 'ironic', 'operator').end).toMatchObject({ kind: 'refusal' });
  expect(tryAs(bmc, 'root', 'administrator').end).toMatchObject({ kind: 'refusal' });
  expect(bmc.eventsOf('sessionClosed')).toEqual([]);
});

test('a refusal for want of a place comes after the password is proved, so that it tells a guesser nothing', () => {
  const bmc = SimulatedBmc.started({ users });
  fill(bmc, 'monitor', 'user');

  expect(tryAs(bmc, 'monitor', 'user').end).toMatchObject(refusal);
  const guesser = newConsole({ userName: 'monitor', password: 'guess', privilegeLevel: 'user' });
  expect(handshake(bmc, guesser)).toMatchObject({ refusal: { status: 'invalidIntegrityCheckValue' } });
});

test('the operator of the hypervisor ends one session by its id, and no other one', () => {
  const bmc = SimulatedBmc.started({ users });
  const [one, other] = [tryAs(bmc, 'admin', 'administrator'), tryAs(bmc, 'monitor', 'user')];
  const [first, second] = bmc.endpoint.describeSessions(bmc.now);
  expect(first?.id).not.toBe(second?.id);
  bmc.handle({ type: 'closeSession', session: 'no such id' });
  expect(bmc.figures.activeSessions).toBe(2);

  bmc.handle({ type: 'closeSession', session: second?.id ?? '' });
  expect(works(bmc, other)).toBe(false);
  expect(completionCodeOf(bmc, one.console, getDeviceId, undefined)).toBe(0);
  expect(bmc.eventsOf('sessionClosed')).toMatchObject([{ user: 'monitor', cause: 'closedByOperator' }]);
});
