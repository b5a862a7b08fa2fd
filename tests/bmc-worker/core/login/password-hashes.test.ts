/** RAKP Message 2 is a hash of the password of the user that RAKP Message 1 names: each that leaves is in the trail. */
import { limits } from '#worker/core/terms/limits.ts';
import type { RemoteAddress } from '#worker/core/terms/remote-address.ts';
import { ask, handshake, newConsole } from '#support/bmc/console-of-bmc.ts';
import { consoleAddress, SimulatedBmc } from '#support/bmc/simulated-bmc.ts';

const utf8 = new TextEncoder();
const invalidSession = { kind: 'refusal', refusal: { status: 'invalidSessionId' } };

function takeHash(bmc: SimulatedBmc, userName: string, from?: RemoteAddress): void {
  const console = newConsole({ userName });
  ask(bmc, console, console.openSessionRequest(), from);
  ask(bmc, console, console.rakpMessage1(), from);
}

describe('after RAKP Message 2', () => {
  test.each([
    ['another user name', { userName: utf8.encode('operator') }],
    ['another role', { role: 0x02 }],
    ['another random number', { remoteConsoleRandomNumber: new Uint8Array(16).fill(9) }],
  ])('a RAKP Message 1 with %s gets no hash, and is reported', (_, tamper) => {
    const bmc = SimulatedBmc.started();
    const console = newConsole();
    ask(bmc, console, console.openSessionRequest());
    ask(bmc, console, console.rakpMessage1());

    expect(ask(bmc, console, console.rakpMessage1(tamper))).toMatchObject(invalidSession);
    expect(bmc.eventsOf('sessionRefused')).toMatchObject([{ reason: 'anotherLogin', status: 2 }]);
    expect(bmc.figures.refusedLogins).toBe(1);
  });

  test('the login goes on with the name that it began with, and that name is the one in the trail', () => {
    const bmc = SimulatedBmc.started();
    const console = newConsole();
    ask(bmc, console, console.openSessionRequest());
    ask(bmc, console, console.rakpMessage1());
    const rakp3 = console.rakpMessage3();
    const intruder = newConsole({ userName: 'user' });
    bmc.send(
      intruder.rakpMessage1({ managedSystemSessionId: console.managedSystemSessionId }),
      consoleAddress,
    );

    expect(ask(bmc, console, rakp3)).toMatchObject({ kind: 'rakpMessage4' });
    expect(bmc.eventsOf('sessionOpened')).toMatchObject([{ user: 'administrator' }]);
    expect(bmc.eventsOf('sessionRefused')).toMatchObject([{ user: 'user', reason: 'anotherLogin' }]);
  });
});

describe('every hash that leaves is in the trail', () => {
  /** How many hashes of this user the events tell of. */
  function told(bmc: SimulatedBmc, user: string): number {
    return bmc
      .eventsOf('loginAbandoned')
      .filter((event) => event.user === user)
      .reduce((sum, { times = 1 }) => sum + times, 0);
  }

  test('folded for each source and user', () => {
    const bmc = SimulatedBmc.started({ loginPolicy: { attempts: 0, lockoutMs: 0 } });
    for (let n = 0; n < 50; n += 1) takeHash(bmc, 'administrator', { ...consoleAddress, port: n + 1 });
    for (let n = 0; n < 3; n += 1) takeHash(bmc, 'nobody');
    bmc.advance(limits.handshakeMs + limits.abandonedLoginsFoldedMs + limits.tickMs);

    expect(bmc.eventsOf('loginAbandoned')).toEqual([
      { kind: 'loginAbandoned', source: '192.0.2.7:1', user: 'administrator' },
      { kind: 'loginAbandoned', source: '192.0.2.7:40001', user: 'nobody', unknownUser: true },
      { kind: 'loginAbandoned', source: '192.0.2.7', user: 'administrator', times: 49 },
      { kind: 'loginAbandoned', source: '192.0.2.7', user: 'nobody', unknownUser: true, times: 2 },
    ]);
    bmc.advance(2 * limits.abandonedLoginsFoldedMs);
    expect(bmc.endpoint.wantsTick).toBe(false);
  });

  test('although refusals have used up their rate', () => {
    const bmc = SimulatedBmc.started();
    const stranger = newConsole();
    const flood = (): void => {
      for (let n = 0; n < 500; n += 1) bmc.send(stranger.rakpMessage1({ managedSystemSessionId: 77 }));
    };
    flood();
    takeHash(bmc, 'administrator');
    bmc.advance(limits.handshakeMs + limits.tickMs);
    expect(told(bmc, 'administrator')).toBe(1);

    // Or a login that ends with a wrong code, whose refusal the flood has pushed out.
    flood();
    const refusals = bmc.eventsOf('sessionRefused').length;
    handshake(bmc, newConsole({ userName: 'operator', password: 'guess' }));
    expect(bmc.eventsOf('sessionRefused')).toHaveLength(refusals);
    expect(told(bmc, 'operator')).toBe(1);
  });

  test('when another source evicts the handshake, the user is changed, or the BMC stops', () => {
    const bmc = SimulatedBmc.started();
    takeHash(bmc, 'administrator');
    bmc.handle({ type: 'users', users: [] });
    expect(told(bmc, 'administrator')).toBe(1);

    const crowded = SimulatedBmc.started();
    takeHash(crowded, 'operator', { address: '198.51.100.1', port: 1 });
    for (let n = 0; n < 3 * limits.handshakes.challenged.total; n += 1)
      takeHash(crowded, 'user', { address: `10.0.${n >> 8}.${n & 255}`, port: 1 });
    crowded.handle({ type: 'stopping' });
    expect(crowded.eventsOf('loginAbandoned').reduce((sum, { times = 1 }) => sum + times, 0)).toBe(
      1 + 3 * limits.handshakes.challenged.total,
    );
  });

  test('from however many sources, with a bounded number of events', () => {
    const bmc = SimulatedBmc.started({ loginPolicy: { attempts: 0, lockoutMs: 0 } });
    for (let n = 0; n < 5_000; n += 1)
      takeHash(bmc, `name${n % 7}`, { address: `10.0.${n >> 8}.${n & 255}`, port: 1 });
    bmc.advance(limits.handshakeMs + limits.abandonedLoginsFoldedMs + limits.tickMs);

    const events = bmc.eventsOf('loginAbandoned');
    expect(events.reduce((sum, { times = 1 }) => sum + times, 0)).toBe(5_000);
    expect(events.length).toBeLessThanOrEqual(2 * (limits.abandonedLoginsFolded + 1));
    expect(events.at(-1)).toMatchObject({ source: 'other addresses', user: 'any other name' });
  });
});
