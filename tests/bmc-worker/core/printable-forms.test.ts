import { inspect } from 'node:util';
import {
  cipherSuites,
  k1,
  k2,
  sessionIntegrityKey,
  SessionSecurityV20,
  type RakpExchange,
} from '@vbmc/ipmi-codec';
import { SessionV20 } from '#worker/core/session/session-v2-0.ts';
import { defaultLoginPolicy } from '#worker/core/login/login-guard.ts';
import { SessionLayer } from '#worker/core/session-layer.ts';
import { BmcDevice } from '#worker/core/domain/bmc-device.ts';
import { User } from '#worker/core/session/user.ts';
import { handshake, login, newConsole } from '#support/bmc/console-of-bmc.ts';
import { seededBytes } from '#support/seeded-random.ts';
import { passwordOf, SimulatedBmc, users } from '#support/bmc/simulated-bmc.ts';

/** The forms in which bytes may be printed. */
function renderings(bytes: Uint8Array): string[] {
  const buffer = Buffer.from(bytes);
  const hex = buffer.toString('hex');
  return [
    hex,
    hex.toUpperCase(),
    hex.replace(/(..)(?=.)/g, '$1 '), // <Buffer 61 62>
    [...bytes].join(','),
    [...bytes].join(', '),
    buffer.toString('base64'),
    buffer.toString('base64url'),
    buffer.toString('utf8'),
    buffer.toString('latin1'),
  ];
}

/** Whitespace is normalised, as inspect() breaks long lists into lines. */
function printed(value: unknown): string {
  return [
    inspect(value, { depth: Infinity, showHidden: true, maxArrayLength: null, breakLength: Infinity }),
    JSON.stringify(value),
    String(value),
  ]
    .join('\n')
    .replace(/\s+/g, ' ');
}

function leaks(value: unknown, secrets: Readonly<Record<string, Uint8Array>>): string[] {
  const text = printed(value);
  return Object.entries(secrets)
    .filter(([, bytes]) =>
      renderings(bytes).some((rendering) => text.includes(rendering.replace(/\s+/g, ' '))),
    )
    .map(([name]) => name);
}

const password = new TextEncoder().encode(passwordOf('administrator'));

const exchange: RakpExchange = {
  remoteConsoleSessionId: 1,
  managedSystemSessionId: 2,
  remoteConsoleRandomNumber: seededBytes(5)(16),
  managedSystemRandomNumber: seededBytes(6)(16),
  managedSystemGuid: new Uint8Array(16),
  role: 0x14,
  userName: new TextEncoder().encode('administrator'),
};
const sik = sessionIntegrityKey('rakpHmacSha256', password, exchange);
const secrets = {
  password,
  sik,
  k1: k1('rakpHmacSha256', sik),
  k2: k2('rakpHmacSha256', sik),
  aesKey: k2('rakpHmacSha256', sik).subarray(0, 16),
};

describe('the printable form', () => {
  test('finds unhidden secrets in every printed form', () => {
    for (const [name, bytes] of Object.entries(secrets)) {
      expect(leaks({ deep: [{ bytes }] }, secrets)).toContain(name);
      expect(leaks({ bytes: Buffer.from(bytes) }, secrets)).toContain(name);
      expect(leaks({ text: Buffer.from(bytes).toString('base64') }, secrets)).toContain(name);
    }
  });

  test('of a user holds no password', () => {
    expect(leaks(users, secrets)).toEqual([]);
    expect(leaks(new User('administrator', exchange.userName, password, 'administrator'), secrets)).toEqual(
      [],
    );
  });

  test('of a session’s keys holds none of them', () => {
    expect(leaks(new SessionSecurityV20(17, sik), secrets)).toEqual([]);
  });

  test('of a session in every phase holds no secret', () => {
    const session = new SessionV20({
      managedSystemSessionId: 2,
      remoteConsoleSessionId: 1,
      cipherSuiteId: 17,
      requestedMaximumPrivilegeLevel: 4,
      managedSystemRandomNumber: exchange.managedSystemRandomNumber,
      source: { address: '192.0.2.7', port: 1 },
      now: 0,
    });
    session.exchange = exchange;
    const [user] = users;
    if (user === undefined) throw new Error('no user');
    session.claim = { user, verdict: 'known' };
    expect(leaks(session, secrets)).toEqual([]);
    session.phase = 'active';
    session.security = new SessionSecurityV20(17, sik);
    expect(leaks(session, secrets)).toEqual([]);
  });

  test('of an endpoint with sessions in every phase holds neither passwords nor keys, nor do its events', () => {
    const bmc = SimulatedBmc.started();
    login(bmc);
    handshake(bmc, newConsole({ password: 'guess' }));
    bmc.send(newConsole().openSessionRequest());
    const passwords = Object.fromEntries(
      ['administrator', 'operator', 'user', 'callback'].map((name) => [
        name,
        new TextEncoder().encode(passwordOf(name)),
      ]),
    );

    expect(leaks(bmc.endpoint, { ...secrets, ...passwords })).toEqual([]);
    expect(leaks(bmc.events, { ...secrets, ...passwords })).toEqual([]);
    expect(bmc.events).not.toEqual([]);
  });

  test('of an endpoint holds no K_g', () => {
    const kg = seededBytes(9)(20);
    const bmc = SimulatedBmc.started({ kg });
    bmc.send(newConsole().openSessionRequest());

    expect(leaks({ kg }, { kg })).toEqual(['kg']);
    expect(leaks(bmc.endpoint, { kg })).toEqual([]);
  });

  test('of a session layer, which an uncaught error could carry, holds no password', () => {
    const layer = new SessionLayer({
      users,
      cipherSuites: [cipherSuites[17]],
      privilegeLimit: 'administrator',
      loginPolicy: defaultLoginPolicy,
      device: new BmcDevice(),
      random: seededBytes(1),
      emit: () => undefined,
    });

    expect(leaks(layer, secrets)).toEqual([]);
    expect(leaks(new Error('a bug', { cause: layer }), secrets)).toEqual([]);
  });
});
