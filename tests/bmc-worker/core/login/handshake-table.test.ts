import { getDeviceId } from '@vbmc/ipmi-codec';
import { handshakeTable, type HandshakeState } from '#worker/core/login/handshake-table.ts';
import type { RemoteConsole } from '#support/console/remote-console.ts';
import { ask, completionCodeOf, newConsole, readOnly } from '#support/bmc/console-of-bmc.ts';
import { SimulatedBmc, type Transmission } from '#support/bmc/simulated-bmc.ts';

interface Scene {
  readonly bmc: SimulatedBmc;
  readonly console: RemoteConsole;
  /** The datagrams that the BMC accepted on the way to the state. */
  readonly rakp1: Uint8Array;
  readonly rakp3: Uint8Array;
}

/** How many messages lead to each state: Open Session Request, RAKP 1, RAKP 3, a request inside the session. */
const messagesBefore: Readonly<Record<HandshakeState, number>> = {
  none: 0,
  opened: 1,
  challenged: 2,
  active: 3,
  confirmed: 4,
};

function scene(state: HandshakeState): Scene {
  const bmc = SimulatedBmc.started();
  const console = newConsole();
  const nothing = new Uint8Array(0);
  const steps = messagesBefore[state];
  if (steps >= 1) ask(bmc, console, console.openSessionRequest());
  const rakp1 = steps >= 2 ? console.rakpMessage1() : nothing;
  if (steps >= 2) ask(bmc, console, rakp1);
  const rakp3 = steps >= 3 ? console.rakpMessage3() : nothing;
  if (steps >= 3) ask(bmc, console, rakp3);
  if (steps >= 4) completionCodeOf(bmc, console, getDeviceId, undefined);
  return { bmc, console, rakp1, rakp3 };
}

function refusal(status: string): unknown {
  return expect.objectContaining({
    kind: 'refusal',
    refusal: expect.objectContaining({ status }) as unknown,
  });
}

function said(console: RemoteConsole, sent: readonly Transmission[]): unknown {
  return sent.length === 0 ? 'nothing' : readOnly(console, sent);
}

const invalidSession = refusal('invalidSessionId');
const wrongCode = refusal('invalidIntegrityCheckValue');
const accepted1: unknown = expect.objectContaining({ kind: 'rakpMessage2', verified: true });
const accepted3: unknown = expect.objectContaining({ kind: 'rakpMessage4', verified: true });

const garbage = new Uint8Array(32).fill(0xa5);

/** What the BMC answers in every state to every input. */
const table: readonly [HandshakeState, string, (scene: Scene) => Uint8Array, unknown][] = [
  ['none', 'RAKP 1', ({ console }) => console.rakpMessage1({ managedSystemSessionId: 77 }), invalidSession],
  ['none', 'RAKP 3', ({ console }) => console.rakpMessage3({ managedSystemSessionId: 77 }), invalidSession],
  ['opened', 'RAKP 1', ({ console }) => console.rakpMessage1(), accepted1],
  ['opened', 'RAKP 3', ({ console }) => console.rakpMessage3(), invalidSession],
  [
    'opened',
    'RAKP 3 with a status',
    ({ console }) => console.rakpMessage3({ status: 0x0f, keyExchangeAuthenticationCode: new Uint8Array(0) }),
    invalidSession,
  ],
  ['challenged', 'the same RAKP 1', ({ rakp1 }) => rakp1, accepted1],
  ['challenged', 'a new RAKP 1', ({ console }) => console.rakpMessage1(), accepted1],
  ['challenged', 'RAKP 3', ({ console }) => console.rakpMessage3(), accepted3],
  [
    'challenged',
    'RAKP 3 with a wrong code',
    ({ console }) => console.rakpMessage3({ keyExchangeAuthenticationCode: garbage }),
    wrongCode,
  ],
  [
    'challenged',
    'RAKP 3 with a short code',
    ({ console }) => console.rakpMessage3({ keyExchangeAuthenticationCode: garbage.subarray(0, 3) }),
    wrongCode,
  ],
  [
    'challenged',
    'RAKP 3 with a status',
    ({ console }) => console.rakpMessage3({ status: 0x0f, keyExchangeAuthenticationCode: new Uint8Array(0) }),
    wrongCode,
  ],
  ['active', 'the same RAKP 1', ({ rakp1 }) => rakp1, 'nothing'],
  ['active', 'a new RAKP 1', ({ console }) => console.rakpMessage1(), 'nothing'],
  ['active', 'the same RAKP 3', ({ rakp3 }) => rakp3, accepted3],
  [
    'active',
    'RAKP 3 with a wrong code',
    ({ console }) => console.rakpMessage3({ keyExchangeAuthenticationCode: garbage }),
    'nothing',
  ],
  ['active', 'RAKP 3 with a status', ({ console }) => console.rakpMessage3({ status: 0x0f }), 'nothing'],
  ['confirmed', 'the same RAKP 1', ({ rakp1 }) => rakp1, 'nothing'],
  ['confirmed', 'the same RAKP 3', ({ rakp3 }) => rakp3, 'nothing'],
  ['confirmed', 'a new RAKP 3', ({ console }) => console.rakpMessage3(), 'nothing'],
];

describe('the handshake', () => {
  test.each(table)('%s: %s', (state, _, input, answer) => {
    const at = scene(state);

    // A repeated datagram carries an older message tag only if the console sent other messages in between.
    expect(said(at.console, at.bmc.send(input(at)))).toEqual(answer);
  });

  test.each(table.filter(([state]) => state === 'active' || state === 'confirmed'))(
    'an active session still works after: %s, %s',
    (state, _, input) => {
      const at = scene(state);
      at.bmc.send(input(at));

      expect(completionCodeOf(at.bmc, at.console, getDeviceId, undefined)).toBe(0);
    },
  );

  test('every cell of the handshake table has a test', () => {
    const inputOf = (name: string): string => (name.includes('RAKP 1') ? 'rakpMessage1' : 'rakpMessage3');
    const tested = new Set(table.map(([state, input]) => `${state} ${inputOf(input)}`));
    const cells = Object.entries(handshakeTable).flatMap(([state, row]) =>
      Object.keys(row).map((input) => `${state} ${input}`),
    );

    expect(cells).toHaveLength(10);
    expect([...tested].sort()).toEqual(cells.sort());
  });

  test.each(Object.keys(messagesBefore) as HandshakeState[])(
    'an Open Session Request opens a new session when there is one in state %s',
    (state) => {
      const { bmc, console } = scene(state);
      const first = console.managedSystemSessionId;
      const second = newConsole();

      expect(ask(bmc, second, second.openSessionRequest())).toMatchObject({ kind: 'openSessionResponse' });
      expect(second.managedSystemSessionId).not.toBe(first);
      if (console.active) expect(completionCodeOf(bmc, console, getDeviceId, undefined)).toBe(0);
    },
  );
});
