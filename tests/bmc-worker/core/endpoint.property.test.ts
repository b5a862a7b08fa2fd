import fc from 'fast-check';
import { chassisControlCommand, getChassisStatus, getDeviceId } from '@vbmc/ipmi-codec';
import type { DomainActionOutcome } from '../../../packages/bmc-worker/src/core/domain-action.ts';
import type { RemoteConsole } from '../../support/remote-console.ts';
import { login, newConsole } from './console-of-bmc.ts';
import { SimulatedBmc, uuid } from './simulated-bmc.ts';
import {
  amplificationBound,
  mutate,
  mutation,
  strangerDatagrams,
  strangerKind,
  type Mutation,
} from './stranger-datagrams.ts';

type Step =
  | { readonly kind: 'bytes'; readonly datagram: Uint8Array }
  | { readonly kind: 'stranger'; readonly make: string; readonly how: Mutation }
  /** A packet of the legitimate session, recorded on its way and sent again, changed or as it was. */
  | { readonly kind: 'recorded'; readonly which: number; readonly how: Mutation }
  | { readonly kind: 'time'; readonly ms: number }
  | { readonly kind: 'outcome'; readonly ok: boolean };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('bytes' as const), datagram: fc.uint8Array({ maxLength: 120 }) }),
  fc.record({ kind: fc.constant('stranger' as const), make: strangerKind, how: mutation }),
  fc.record({ kind: fc.constant('stranger' as const), make: strangerKind, how: mutation }),
  fc.record({ kind: fc.constant('recorded' as const), which: fc.nat(), how: mutation }),
  fc.record({ kind: fc.constant('time' as const), ms: fc.nat(10_000) }),
  fc.record({ kind: fc.constant('outcome' as const), ok: fc.boolean() }),
);

const outcomes: Readonly<Record<'good' | 'bad', DomainActionOutcome>> = {
  good: { ok: true, facts: { domainState: 'running', uuid } },
  bad: { ok: false, failure: { kind: 'virshFailed', message: 'whatever' } },
};

/** One BMC, one legitimate session, and a stranger who sees everything on the wire and sends what he likes. */
class Siege {
  readonly bmc = SimulatedBmc.started();
  readonly #legitimate: RemoteConsole = login(this.bmc);
  readonly #recorded: Uint8Array[] = [];
  readonly #stranger = newConsole({ password: 'guess' });

  take(one: Step): void {
    const { bmc } = this;
    switch (one.kind) {
      case 'time':
        bmc.advance(one.ms);
        return;
      case 'outcome':
        for (const { id } of bmc.underWay().slice(0, 1))
          bmc.finishId(id, one.ok ? outcomes.good : outcomes.bad);
        return;
      case 'bytes':
        this.#attack(one.datagram);
        return;
      case 'stranger': {
        const made = strangerDatagrams[one.make]?.(this.#stranger);
        if (made) this.#attack(mutate(made, one.how));
        return;
      }
      case 'recorded': {
        const recorded = this.#recorded[one.which % this.#recorded.length];
        if (recorded) this.#attack(mutate(recorded, one.how));
      }
    }
  }

  /** The legitimate session is served as if nobody else were there. */
  serve(): void {
    const request = this.#legitimate.request(getDeviceId, undefined);
    const sent = this.bmc.send(request);
    expect(sent).toHaveLength(1);
    expect(this.#legitimate.receive(sent[0]?.datagram ?? new Uint8Array(0))).toMatchObject({
      kind: 'response',
      completionCode: 0,
      insideSession: true,
    });
    this.#recorded.push(request);
  }

  /** Has the domain asked for something, so that there is something to disturb. */
  work(): void {
    const request = this.#legitimate.request(getChassisStatus, undefined);
    this.#recorded.push(request);
    this.bmc.send(request);
  }

  #attack(datagram: Uint8Array): void {
    const changesBefore = this.bmc.asked('chassisControl') + this.bmc.asked('setBootFlags');
    const sent = this.bmc.send(datagram, { address: '203.0.113.66', port: 666 });
    expect(sent.length).toBeLessThanOrEqual(1);
    for (const answer of sent) {
      expect(answer.datagram.length).toBeLessThanOrEqual(datagram.length * amplificationBound);
      this.#stranger.receive(answer.datagram);
    }
    expect(this.#stranger.active).toBe(false);
    expect(this.bmc.asked('chassisControl') + this.bmc.asked('setBootFlags')).toBe(changesBefore);
  }
}

describe('an endpoint under fire', () => {
  test('raises nothing, answers little, opens no session, and serves the legitimate one', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 40 }), (steps) => {
        const siege = new Siege();
        siege.work();
        for (const one of steps) {
          siege.take(one);
          siege.serve();
        }
        expect(siege.bmc.eventsOf('sessionOpened')).toHaveLength(1);
        expect(siege.bmc.eventsOf('sessionClosed')).toHaveLength(0);
      }),
      { numRuns: 150 },
    );
  });

  test('is empty again once everybody has gone', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 40 }), (steps) => {
        const siege = new Siege();
        for (const one of steps) siege.take(one);
        for (const { id } of siege.bmc.underWay()) siege.bmc.finishId(id, outcomes.good);
        siege.bmc.advance(63_000);

        expect(siege.bmc.endpoint.wantsTick).toBe(false);
      }),
      { numRuns: 60 },
    );
  });

  test('carries a change out once, however its packets are repeated and reordered', () => {
    const order = fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7], { minLength: 1 });
    fc.assert(
      fc.property(order, fc.nat(8), (arrivals, endsAfter) => {
        const bmc = SimulatedBmc.started();
        const console = login(bmc);
        const first = console.request(chassisControlCommand, { chassisControl: 'hardReset' } as const);
        const packets = [first, ...Array.from({ length: 7 }, () => console.retransmit())];
        let answers = 0;
        for (const [count, arrival] of arrivals.entries()) {
          answers += bmc.send(packets[arrival] ?? first).length;
          answers += bmc.send(packets[arrival] ?? first).length;
          if (count === endsAfter) answers += bmc.finish('chassisControl', outcomes.good).length;
          bmc.advance(1_000);
        }

        expect(bmc.asked('chassisControl')).toBe(1);
        // One when it ends, and one for each packet that comes after that.
        expect(answers).toBe(Math.max(0, arrivals.length - endsAfter));
      }),
    );
  });
});
