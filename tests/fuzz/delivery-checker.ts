import assert from 'node:assert/strict';
import {
  authenticationType,
  cipherSuites,
  closeSession,
  coldReset,
  decodeRmcpPacket,
  decodeSessionPacketV20,
  netFn,
  privilegeSuffices,
  warmReset,
} from '@vbmc/ipmi-codec';
import type { BmcEvent } from '#worker/core/terms/bmc-event.ts';
import type { DomainActionKind } from '#worker/core/terms/domain-action.ts';
import type { Transmission } from '#support/bmc/simulated-bmc.ts';
import { AMPLIFICATION_BOUND } from '#support/bmc/unauthenticated-datagrams.ts';
import { toHex } from '#support/hex.ts';
import type { Delivery } from './delivery.ts';
import { VICTIM, secrets } from './scenario-users.ts';
import { wireKey, type AuthenticPacket, type FuzzClient } from './fuzz-client.ts';
import type { ScenarioSettings } from './scenario-step.ts';

/** The longest answer inside a session, in bytes: at most 64 bytes of data, encrypted and authenticated. */
const LONGEST_ANSWER = 160;

/** The longest event, in characters: unauthenticated senders choose the names in it, and it goes into the log. */
const LONGEST_EVENT = 400;

const changes: ReadonlySet<DomainActionKind> = new Set([
  'chassisControl',
  'setBootFlags',
  'storePowerRestorePolicy',
]);
/** The commands with which an administrator may end the victim's session. */
const endsSessions = [coldReset.code, warmReset.code, closeSession.code];
/** Actions that need no session: Get System GUID is allowed before a login. */
const allowedWithoutSession: ReadonlySet<DomainActionKind> = new Set(['readUuid']);

/** Whether an answer belongs to a session, and so was made with its keys. */
function isOfSession(body: Uint8Array): boolean {
  return (
    body[0] === authenticationType.md5 ||
    (body[0] === authenticationType.rmcpPlus && decodeSessionPacketV20(body).sessionId !== 0)
  );
}

/**
 * Asserts that a datagram had no effect that its sender may not cause. Remembers accepted packets: none may be accepted
 * twice.
 */
export class DeliveryChecker {
  readonly #clients: readonly FuzzClient[];
  /** Whether all allowed cipher suites authenticate the login and every packet. */
  readonly #allSuitesProtect: boolean;
  readonly #accepted = new Set<string>();

  constructor(clients: readonly FuzzClient[], settings: ScenarioSettings) {
    this.#clients = clients;
    this.#allSuitesProtect = settings.allowedCipherSuites.every((id) => {
      const { authentication, integrity } = cipherSuites[id];
      return authentication !== 'none' && integrity !== 'none';
    });
  }

  check(delivery: Delivery): void {
    const { sent, from, actions, events } = delivery;
    assert.ok(sent.length <= 1, `${sent.length} answers to one datagram`);
    for (const answer of sent) {
      assert.deepEqual(answer.to, from, 'an answer to an address that did not ask');
      this.#checkAnswer(answer, delivery);
    }
    for (const { action } of actions) {
      if (!allowedWithoutSession.has(action.kind)) this.#checkAction(action.kind, delivery);
    }
    for (const event of events) this.#checkEvent(event, delivery);
  }

  /** The packet in this datagram, if a client made it with its session's keys. */
  #authentic(datagram: Uint8Array): AuthenticPacket | undefined {
    const body = wireKey(datagram);
    for (const { authentic } of this.#clients) {
      const packet = authentic.get(body);
      if (packet !== undefined) return packet;
    }
    return undefined;
  }

  #checkAnswer({ datagram: answer }: Transmission, { datagram }: Delivery): void {
    this.assertNoSecret(Buffer.from(answer).toString('latin1'));
    const { messageClass, body } = decodeRmcpPacket(answer);
    const isInSession = messageClass === 'ipmi' && isOfSession(body);
    if (!isInSession) {
      const bound = datagram.length * AMPLIFICATION_BOUND;
      assert.ok(
        answer.length <= bound,
        `${answer.length} bytes to an unauthenticated sender for ${datagram.length}`,
      );
      return;
    }
    assert.ok(answer.length <= LONGEST_ANSWER, `an answer of ${answer.length} bytes`);
    if (!this.#allSuitesProtect) return;
    const packet = this.#authentic(datagram);
    assert.ok(packet, 'an answer inside a session to a packet that no client of it made');
    const { sessionId, sessionSequenceNumber } = packet;
    // Activate Session may be repeated, because its answer may be lost.
    if (sessionSequenceNumber === 0) return;
    const number = `${sessionId} ${sessionSequenceNumber}`;
    assert.ok(!this.#accepted.has(number), `session sequence number ${sessionSequenceNumber} accepted twice`);
    this.#accepted.add(number);
  }

  #checkAction(kind: DomainActionKind, { datagram, sessions }: Delivery): void {
    if (!this.#allSuitesProtect) return;
    const packet = this.#authentic(datagram);
    assert.ok(packet, `${kind} for a client without a session`);
    if (!changes.has(kind)) return;
    const { userName } = packet.client;
    const mayChange = sessions.some(
      ({ user, privilege }) => user === userName && privilegeSuffices(privilege, 'operator'),
    );
    assert.ok(mayChange, `${kind} for ${userName}, without a session at operator level`);
  }

  #checkEvent(event: BmcEvent, delivery: Delivery): void {
    const text = JSON.stringify(event);
    this.assertNoSecret(text);
    assert.ok(text.length <= LONGEST_EVENT, `an event of ${text.length} characters`);
    // No authentication code and no key is shorter than 12 bytes.
    assert.doesNotMatch(text, /[0-9a-f]{24}/i, 'an event contains what may be a key');
    if (event.kind === 'sessionClosed' && event.user === VICTIM) this.#checkVictimsEnd(delivery);
    if (event.kind !== 'sessionOpened' || !this.#allSuitesProtect) return;
    const hex = toHex(delivery.datagram);
    const proven = this.#clients.some(({ proofs }) => [...proofs].some((proof) => hex.includes(proof)));
    assert.ok(proven, 'a session was opened without the password');
  }

  /** Only an administrator's command may end the victim's session. */
  #checkVictimsEnd({ datagram }: Delivery): void {
    if (!this.#allSuitesProtect) return;
    const packet = this.#authentic(datagram);
    assert.equal(packet?.client.name, 'administrator', 'another client ended the victim’s session');
    assert.ok(
      packet.netFn === netFn.app && endsSessions.includes(packet.command),
      'a command ended the victim’s session that must not',
    );
  }

  assertNoSecret(text: string): void {
    for (const secret of secrets) assert.ok(!text.includes(secret), 'a secret left the BMC');
  }
}
