import fc from 'fast-check';
import { getDeviceId } from '@vbmc/ipmi-codec';
import type { RemoteConsole } from '#support/console/remote-console.ts';
import { newConsole } from '#support/bmc/console-of-bmc.ts';
import { SimulatedBmc } from '#support/bmc/simulated-bmc.ts';

/** What the network does to one datagram: the delay of each copy that arrives; without a copy it is lost. */
type Fate = readonly number[];

const delay = fc.integer({ min: 0, max: 2_500 });
const fate: fc.Arbitrary<Fate> = fc.oneof(
  fc.constant([]),
  fc.constant([0]),
  fc.constant([0, 0]),
  fc.tuple(delay),
  fc.tuple(delay, delay),
);

interface InFlight {
  readonly at: number;
  readonly towardsBmc: boolean;
  readonly datagram: Uint8Array;
}

/** Two parties joined by queues and a virtual clock. After the last fate the network is perfect. */
class BadNetwork {
  readonly #fates: Fate[];
  #inFlight: InFlight[] = [];

  constructor(fates: readonly Fate[]) {
    this.#fates = [...fates];
  }

  send(datagram: Uint8Array, towardsBmc: boolean, now: number): void {
    for (const late of this.#fates.shift() ?? [0])
      this.#inFlight.push({ at: now + late, towardsBmc, datagram });
  }

  /** The datagrams that have arrived by now, in the order of arrival. */
  arrivals(now: number): InFlight[] {
    const arrived = this.#inFlight.filter(({ at }) => at <= now).sort((a, b) => a.at - b.at);
    this.#inFlight = this.#inFlight.filter(({ at }) => at > now);
    return arrived;
  }
}

/** The datagrams from login to Close Session. Each is made after the previous one was answered. */
const steps: readonly {
  readonly make: (console: RemoteConsole) => Uint8Array;
  readonly answeredBy: string;
}[] = [
  { make: (console) => console.openSessionRequest(), answeredBy: 'openSessionResponse' },
  { make: (console) => console.rakpMessage1(), answeredBy: 'rakpMessage2' },
  { make: (console) => console.rakpMessage3(), answeredBy: 'rakpMessage4' },
  { make: (console) => console.request(getDeviceId, undefined), answeredBy: 'response' },
];

const RETRANSMISSION_MS = 500;
const STEP_MS = 100;

/** Runs the steps and retransmits each datagram until it is answered; true if all were answered. */
function visit(bmc: SimulatedBmc, console: RemoteConsole, network: BadNetwork, patienceMs: number): boolean {
  let step = 0;
  let datagram: Uint8Array | undefined;
  let sentAt = 0;
  const deadline = bmc.now + patienceMs;
  for (; bmc.now < deadline; bmc.advance(STEP_MS)) {
    const current = steps[step];
    if (current === undefined) return true;
    if (datagram === undefined || bmc.now - sentAt >= RETRANSMISSION_MS) {
      datagram = datagram === undefined || console.active ? resend(console, current, datagram) : datagram;
      network.send(datagram, true, bmc.now);
      sentAt = bmc.now;
    }
    for (const { towardsBmc, datagram: arrived } of network.arrivals(bmc.now)) {
      if (towardsBmc) {
        for (const answer of bmc.send(arrived)) network.send(answer.datagram, false, bmc.now);
        continue;
      }
      const answer = console.receive(arrived);
      if (answer.kind === 'refusal') throw new Error(`refused: ${answer.refusal.status}`);
      if (answer.kind !== steps[step]?.answeredBy) continue;
      if ('verified' in answer && !answer.verified) throw new Error(`a wrong code in ${answer.kind}`);
      step += 1;
      datagram = undefined;
    }
  }
  return false;
}

/** Within a session a retransmission is a new packet around the same request. */
function resend(
  console: RemoteConsole,
  step: (typeof steps)[number],
  before: Uint8Array | undefined,
): Uint8Array {
  return before === undefined ? step.make(console) : console.retransmit();
}

test('a handshake succeeds despite lost, late, repeated and reordered datagrams', () => {
  fc.assert(
    fc.property(fc.array(fate, { maxLength: 14 }), (fates) => {
      const bmc = SimulatedBmc.started();

      expect(visit(bmc, newConsole(), new BadNetwork(fates), 20_000)).toBe(true);
      expect(bmc.eventsOf('sessionOpened')).toHaveLength(1);
      expect(bmc.eventsOf('sessionRefused')).toEqual([]);
    }),
    { numRuns: 200 },
  );
});
