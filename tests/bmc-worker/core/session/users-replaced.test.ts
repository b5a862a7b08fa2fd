/** Users change while the BMC runs: sessions of unchanged users stay open. */
import { getDeviceId } from '@vbmc/ipmi-codec';
import { limits } from '#worker/core/terms/limits.ts';
import { User } from '#worker/core/session/user.ts';
import { ask, handshake, login, newConsole } from '#support/bmc/console-of-bmc.ts';
import { passwordOf, SimulatedBmc, users } from '#support/bmc/simulated-bmc.ts';

const utf8 = new TextEncoder();
function fresh(name: 'administrator' | 'operator', password = passwordOf(name)): User {
  return new User(name, utf8.encode(name), utf8.encode(password), name);
}

test('sessions of removed and changed users end, all others stay', () => {
  const bmc = new SimulatedBmc();
  const kept = login(bmc, { as: 'administrator' });
  const changed = login(bmc, { as: 'operator' });
  const removed = login(bmc, { as: 'user' });
  // New objects, as the supervisor sends them: their content counts, not their identity.
  bmc.handle({ type: 'users', users: [fresh('administrator'), fresh('operator', 'new')] });
  expect(bmc.eventsOf('sessionClosed').map(({ user, cause }) => [user, cause])).toEqual([
    ['operator', 'userChanged'],
    ['user', 'userChanged'],
  ]);
  expect(bmc.figures.activeSessions).toBe(1);
  expect(ask(bmc, kept, kept.request(getDeviceId, undefined))).toMatchObject({ completionCode: 0 });
  for (const gone of [changed, removed]) expect(bmc.send(gone.request(getDeviceId, undefined))).toEqual([]);
  expect(bmc.endpoint.describeSessions(bmc.now).map(({ user }) => user)).toEqual(['administrator']);

  expect(handshake(bmc, newConsole({ userName: 'operator', privilegeLevel: 'operator' }))).not.toMatchObject({
    kind: 'rakpMessage4',
    verified: true,
  });
  const again = newConsole({ userName: 'operator', password: 'new', privilegeLevel: 'operator' });
  expect(handshake(bmc, again)).toMatchObject({ kind: 'rakpMessage4', verified: true });
});

test('an open handshake of a changed user is dropped', () => {
  const bmc = new SimulatedBmc();
  const console = newConsole();
  ask(bmc, console, console.openSessionRequest());
  ask(bmc, console, console.rakpMessage1());
  bmc.handle({ type: 'users', users: [fresh('administrator', 'new')] });
  expect(ask(bmc, console, console.rakpMessage3())).toMatchObject({ kind: 'refusal' });
});

test('a session is described without its secrets', () => {
  const bmc = new SimulatedBmc();
  login(bmc, { as: 'administrator' });
  bmc.now += 1_500;
  expect(bmc.endpoint.describeSessions(bmc.now)).toEqual([
    {
      id: expect.stringMatching(/^1-[0-9a-z]+$/) as string,
      user: 'administrator',
      source: '192.0.2.7:40001',
      privilege: 'administrator',
      privilegeLimit: 'administrator',
      cipherSuiteId: 17,
      ageMs: 1_500,
      idleMs: 1_500,
    },
  ]);
});

test('a login that stops after RAKP Message 2 is reported as abandoned', () => {
  const bmc = new SimulatedBmc({ users });
  const console = newConsole();
  ask(bmc, console, console.openSessionRequest());
  ask(bmc, console, console.rakpMessage1());
  bmc.advance(limits.handshakeMs);
  expect(bmc.events).toContainEqual({
    kind: 'loginAbandoned',
    source: '192.0.2.7:40001',
    user: 'administrator',
  });
});
