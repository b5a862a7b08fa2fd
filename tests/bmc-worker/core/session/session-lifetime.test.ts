import { closeSession, getDeviceId, SessionSecurityV20 } from '@vbmc/ipmi-codec';
import { limits } from '#worker/core/terms/limits.ts';
import { SessionV20 } from '#worker/core/session/session-v2-0.ts';
import { SessionTable } from '#worker/core/session/session-table.ts';
import { ask, challenged, completionCodeOf, login, newConsole } from '#support/bmc/console-of-bmc.ts';
import { SimulatedBmc } from '#support/bmc/simulated-bmc.ts';
import { seededBytes } from '#support/seeded-random.ts';

function works(bmc: SimulatedBmc, console: ReturnType<typeof newConsole>): boolean {
  return bmc.send(console.request(getDeviceId, undefined)).length === 1;
}

function open(bmc: SimulatedBmc): ReturnType<typeof newConsole> {
  const console = newConsole();
  ask(bmc, console, console.openSessionRequest());
  return console;
}

describe('a session that receives no packet', () => {
  test('is open after 57 s and closed after 63 s', () => {
    const bmc = SimulatedBmc.started();
    const console = login(bmc);
    bmc.advance(57_000);
    expect(works(bmc, console)).toBe(true);

    bmc.advance(63_000);

    expect(works(bmc, console)).toBe(false);
    expect(bmc.eventsOf('sessionClosed')).toMatchObject([{ user: 'administrator', cause: 'timedOut' }]);
    expect(bmc.endpoint.wantsTick).toBe(false);
  });

  test('stays open as long as each packet comes within 57 s of the previous one', () => {
    const bmc = SimulatedBmc.started();
    const console = login(bmc);
    for (let packet = 0; packet < 5; packet += 1) {
      bmc.advance(57_000);
      expect(works(bmc, console)).toBe(true);
    }
    expect(bmc.eventsOf('sessionClosed')).toEqual([]);
  });

  test('ends within 3 s of its 60 s, independently of the ticks', () => {
    for (let phase = 0; phase < limits.tickMs; phase += 50) {
      const bmc = SimulatedBmc.started();
      open(bmc); // starts the ticks before the session begins
      bmc.advance(phase);
      login(bmc);
      const begun = bmc.now;
      while (bmc.eventsOf('sessionClosed').length === 0) bmc.advance(limits.tickMs);

      expect(Math.abs(bmc.now - begun - 60_000)).toBeLessThanOrEqual(3_000);
    }
  });

  test('is not kept alive by forged, stale or unprotected packets', () => {
    const bmc = SimulatedBmc.started();
    const console = login(bmc);
    const request = console.request(getDeviceId, undefined);
    bmc.send(request);
    const forged = Uint8Array.from(request);
    forged[forged.length - 1] = (forged[forged.length - 1] ?? 0) ^ 1;
    for (let second = 0; second < 63; second += 1) {
      bmc.advance(1_000);
      bmc.send(request);
      bmc.send(forged);
    }

    expect(bmc.eventsOf('sessionClosed')).toHaveLength(1);
  });
});

describe('an unfinished handshake', () => {
  test.each(['opened', 'challenged'])(
    'in phase %s is dropped when it times out; only a login without a proved password is reported',
    (phase) => {
      const bmc = SimulatedBmc.started();
      const console = open(bmc);
      if (phase === 'challenged') ask(bmc, console, console.rakpMessage1());
      bmc.advance(limits.handshakeMs - limits.tickMs);
      expect(bmc.endpoint.wantsTick).toBe(true);

      bmc.advance(2 * limits.tickMs);

      // Further logins that are given up are folded for a while.
      expect(bmc.endpoint.wantsTick).toBe(phase === 'challenged');
      expect(bmc.events.map(({ kind }) => kind)).toEqual(phase === 'challenged' ? ['loginAbandoned'] : []);
      expect(ask(bmc, console, console.rakpMessage1())).toMatchObject({
        refusal: { status: 'invalidSessionId' },
      });
    },
  );

  test('is not prolonged by repeated RAKP 1', () => {
    const bmc = SimulatedBmc.started();
    const console = open(bmc);
    for (let second = 0; second <= limits.handshakeMs / 1_000; second += 1) {
      bmc.send(console.rakpMessage1());
      bmc.advance(1_000);
    }

    expect(bmc.figures.halfOpenSessions).toBe(0);
  });
});

describe('a closed session', () => {
  test('leaves nothing behind', () => {
    const bmc = SimulatedBmc.started();
    const { console, rakp3 } = challenged(bmc);
    ask(bmc, console, rakp3);
    const recorded = console.request(getDeviceId, undefined);

    const { managedSystemSessionId: sessionId } = console;
    expect(completionCodeOf(bmc, console, closeSession, { sessionId })).toBe(0);

    expect(bmc.endpoint.wantsTick).toBe(false);
    expect(bmc.send(recorded)).toEqual([]);
    expect(works(bmc, console)).toBe(false);
    expect(ask(bmc, console, rakp3)).toMatchObject({ refusal: { status: 'invalidSessionId' } });
    expect(bmc.eventsOf('sessionClosed')).toMatchObject([{ cause: 'closed', source: '192.0.2.7:40001' }]);
  });
});

describe('a session that has left the table', () => {
  test('has no keys and seals nothing', () => {
    const table = new SessionTable(seededBytes(1));
    const session = new SessionV20({
      managedSystemSessionId: 1,
      remoteConsoleSessionId: 2,
      cipherSuiteId: 17,
      requestedMaximumPrivilegeLevel: 0,
      managedSystemRandomNumber: new Uint8Array(16),
      source: { address: '192.0.2.7', port: 40_001 },
      now: 0,
    });
    table.add(session);
    session.security = new SessionSecurityV20(17, new Uint8Array(32));
    const random = (length: number): Uint8Array => new Uint8Array(length);
    expect(session.seal(new Uint8Array(8), random)).toBeDefined();

    table.remove(session);

    expect(session.security).toBeUndefined();
    expect(session.seal(new Uint8Array(8), random)).toBeUndefined();
  });
});

describe('session ids', () => {
  test('are neither 0 nor in use, even if the random bytes are', () => {
    const drawn = [0, 0, 7, 7, 0, 7, 8];
    const random = (length: number): Uint8Array =>
      new Uint8Array(length).fill(length === 4 ? (drawn.shift() ?? 9) : 0);
    const bmc = SimulatedBmc.started({ random });

    const ids = Array.from({ length: 3 }, () => open(bmc).managedSystemSessionId);

    expect(ids).toEqual([0x0707_0707, 0x0808_0808, 0x0909_0909]);
  });

  test('make sessions independent of the source address', () => {
    const bmc = SimulatedBmc.started();
    const [one, other] = [login(bmc), login(bmc)];

    expect(works(bmc, one)).toBe(true);
    expect(works(bmc, other)).toBe(true);
    // The first console moves to another port: only the address of its answers changes.
    const moved = { address: '192.0.2.7', port: 50_002 };
    expect(bmc.send(one.request(getDeviceId, undefined), moved).map(({ to }) => to)).toEqual([moved]);
    expect(works(bmc, other)).toBe(true);
  });
});
