import { getDeviceId } from '@vbmc/ipmi-codec';
import { handshakeMoves } from '#worker/core/login/handshake-table.ts';
import type { RemoteConsole } from '#support/remote-console.ts';
import { ask, completionCodeOf, newConsole, readOnly } from '#support/bmc/console-of-bmc.ts';
import { SimulatedBmc, type Transmission } from '#support/bmc/simulated-bmc.ts';

interface Scene {
  readonly bmc: SimulatedBmc;
  readonly console: RemoteConsole;
  /** The datagrams that were accepted on the way. */
  readonly rakp1: Uint8Array;
  readonly rakp3: Uint8Array;
}

/** How each phase is reached. `used` is an active session that has had a packet, `gone` one that was closed. */
const phases = {
  none: 0,
  opened: 1,
  challenged: 2,
  active: 3,
  used: 4,
} as const;

function scene(phase: keyof typeof phases): Scene {
  const bmc = SimulatedBmc.started();
  const console = newConsole();
  const nothing = new Uint8Array(0);
  const steps = phases[phase];
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

/** Every phase × every input: what the BMC says. */
const table: readonly [keyof typeof phases, string, (scene: Scene) => Uint8Array, unknown][] = [
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
  ['used', 'the same RAKP 1', ({ rakp1 }) => rakp1, 'nothing'],
  ['used', 'the same RAKP 3', ({ rakp3 }) => rakp3, 'nothing'],
  ['used', 'a new RAKP 3', ({ console }) => console.rakpMessage3(), 'nothing'],
];

describe('the handshake', () => {
  test.each(table)('%s: %s', (phase, _, input, answer) => {
    const at = scene(phase);

    // A repeated datagram carries an older message tag than the console's last one only when others were sent since.
    expect(said(at.console, at.bmc.send(input(at)))).toEqual(answer);
  });

  test.each(table.filter(([phase]) => phase === 'active' || phase === 'used'))(
    'an active session works on after: %s, %s',
    (phase, _, input) => {
      const at = scene(phase);
      at.bmc.send(input(at));

      expect(completionCodeOf(at.bmc, at.console, getDeviceId, undefined)).toBe(0);
    },
  );

  test('the table covers every phase', () => {
    expect(Object.keys(handshakeMoves)).toEqual(['opened', 'challenged', 'active']);
    for (const phase of Object.keys(handshakeMoves)) {
      const inputs = table.filter(([covered]) => covered === phase).map(([, input]) => input);
      expect(inputs.some((input) => input.includes('RAKP 1'))).toBe(true);
      expect(inputs.some((input) => input.includes('RAKP 3'))).toBe(true);
    }
  });

  test('an Open Session Request begins a new session in every phase', () => {
    const { bmc, console } = scene('used');
    const first = console.managedSystemSessionId;
    const second = newConsole();

    expect(ask(bmc, second, second.openSessionRequest())).toMatchObject({ kind: 'openSessionResponse' });
    expect(second.managedSystemSessionId).not.toBe(first);
    expect(completionCodeOf(bmc, console, getDeviceId, undefined)).toBe(0);
  });
});
