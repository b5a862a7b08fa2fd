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
import type { Delivery } from './siege-delivery.ts';
import { BYSTANDER, secrets } from './siege-cast.ts';
import { wireKey, type AuthenticPacket, type Player } from './siege-player.ts';
import type { SiegeSettings } from './siege-step.ts';

/** The longest answer inside a session: 64 bytes of data at the most, encrypted and authenticated. */
const LONGEST_ANSWER = 160;

/** An event tells names and reasons, whatever a stranger makes of them: as many as he likes go to the log. */
const LONGEST_EVENT = 400;

const changes: ReadonlySet<DomainActionKind> = new Set([
  'chassisControl',
  'setBootFlags',
  'storePowerRestorePolicy',
]);
/** What an administrator may do to a bystander's session. */
const endsSessions = [coldReset.code, warmReset.code, closeSession.code];
/** What the BMC may ask libvirt for before anybody has logged in: Get System GUID needs no session. */
const openToAll: ReadonlySet<DomainActionKind> = new Set(['readUuid']);

/** Whether an answer was made with a session's keys. */
function isOfSession(body: Uint8Array): boolean {
  return (
    body[0] === authenticationType.md5 ||
    (body[0] === authenticationType.rmcpPlus && decodeSessionPacketV20(body).sessionId !== 0)
  );
}

/** What a datagram may bring about. Remembers what was taken: nothing is taken twice. */
export class Judge {
  readonly #players: readonly Player[];
  /** Whether sessions are opened by passwords alone, and their packets made by their keys alone. */
  readonly #inviolable: boolean;
  readonly #taken = new Set<string>();

  constructor(players: readonly Player[], settings: SiegeSettings) {
    this.#players = players;
    this.#inviolable = settings.allowedCipherSuites.every((id) => {
      const { authentication, integrity } = cipherSuites[id];
      return authentication !== 'none' && integrity !== 'none';
    });
  }

  judge(delivery: Delivery): void {
    const { sent, from, actions, events } = delivery;
    assert.ok(sent.length <= 1, `${sent.length} answers to one datagram`);
    for (const answer of sent) {
      assert.deepEqual(answer.to, from, 'an answer to somebody who did not ask');
      this.#judgeAnswer(answer, delivery);
    }
    for (const { action } of actions) {
      if (!openToAll.has(action.kind)) this.#judgeAction(action.kind, delivery);
    }
    for (const event of events) this.#judgeEvent(event, delivery);
  }

  /** What the datagram is, if a session's keys made it. */
  #authentic(datagram: Uint8Array): AuthenticPacket | undefined {
    const body = wireKey(datagram);
    for (const { authentic } of this.#players) {
      const packet = authentic.get(body);
      if (packet !== undefined) return packet;
    }
    return undefined;
  }

  #judgeAnswer({ datagram: answer }: Transmission, { datagram }: Delivery): void {
    this.keepsSecrets(Buffer.from(answer).toString('latin1'));
    const { messageClass, body } = decodeRmcpPacket(answer);
    const isInSession = messageClass === 'ipmi' && isOfSession(body);
    if (!isInSession) {
      const bound = datagram.length * AMPLIFICATION_BOUND;
      assert.ok(answer.length <= bound, `${answer.length} bytes to a stranger for ${datagram.length}`);
      return;
    }
    assert.ok(answer.length <= LONGEST_ANSWER, `an answer of ${answer.length} bytes`);
    if (!this.#inviolable) return;
    const packet = this.#authentic(datagram);
    assert.ok(packet, 'an answer inside a session to what nobody in it has made');
    const { sessionId, sessionSequenceNumber } = packet;
    // Activate Session may be repeated, as its answer may be lost.
    if (sessionSequenceNumber === 0) return;
    const number = `${sessionId} ${sessionSequenceNumber}`;
    assert.ok(!this.#taken.has(number), `session sequence number ${sessionSequenceNumber} taken twice`);
    this.#taken.add(number);
  }

  #judgeAction(kind: DomainActionKind, { datagram, sessions }: Delivery): void {
    if (!this.#inviolable) return;
    const packet = this.#authentic(datagram);
    assert.ok(packet, `${kind} for somebody without a session`);
    if (!changes.has(kind)) return;
    const { userName } = packet.player;
    const mayChange = sessions.some(
      ({ user, privilege }) => user === userName && privilegeSuffices(privilege, 'operator'),
    );
    assert.ok(mayChange, `${kind} for ${userName}, who has no session of operator's privilege`);
  }

  #judgeEvent(event: BmcEvent, delivery: Delivery): void {
    const text = JSON.stringify(event);
    this.keepsSecrets(text);
    assert.ok(text.length <= LONGEST_EVENT, `an event of ${text.length} characters`);
    // No code and no key is shorter than 12 bytes.
    assert.doesNotMatch(text, /[0-9a-f]{24}/i, 'an event with something like a key in it');
    if (event.kind === 'sessionClosed' && event.user === BYSTANDER) this.#judgeEnd(delivery);
    if (event.kind !== 'sessionOpened' || !this.#inviolable) return;
    const hex = toHex(delivery.datagram);
    const proven = this.#players.some(({ proofs }) => [...proofs].some((proof) => hex.includes(proof)));
    assert.ok(proven, 'a session was opened without proof of the password');
  }

  /** The bystander's session ends when an administrator says so, and never else. */
  #judgeEnd({ datagram }: Delivery): void {
    if (!this.#inviolable) return;
    const packet = this.#authentic(datagram);
    assert.equal(packet?.player.name, 'administrator', 'the bystander’s session was ended');
    assert.ok(packet.netFn === netFn.app && endsSessions.includes(packet.command), 'by another command');
  }

  keepsSecrets(text: string): void {
    for (const secret of secrets) assert.ok(!text.includes(secret), 'a secret got out');
  }
}
