import {
  ByteReader,
  cipherSuites,
  decodeOpenSessionRequest,
  decodeRakpMessage1,
  decodeRakpMessage3,
  encodeRmcpPacket,
  encodeSessionlessPacketV20,
  initializationVectorLength,
  openSessionPacket,
  privilegeLevel,
  rmcpPlusStatusCode,
  sealSessionPacket,
  type CipherSuiteId,
  type PayloadType,
  type RakpMessage1,
  type RakpMessage3,
  type SessionPacketV20,
} from '@vbmc/ipmi-codec';
import type { BmcEvent } from './bmc-event.ts';
import type { BmcDevice } from './device/bmc-device.ts';
import type { Effect } from './effects.ts';
import {
  answerOpenSessionRequest,
  answerRakpMessage1,
  answerRakpMessage3,
  refuseHandshake,
  selectCipherSuite,
  type HandshakeAnswer,
} from './handshake.ts';
import { handshakeMoves } from './handshake-table.ts';
import { remoteAddressText, type RemoteAddress } from './remote-address.ts';
import type { SessionDirectory } from './request-context.ts';
import { isFresh, markSeen } from './sequence-window.ts';
import { describeSession, type SessionDescription } from './session-description.ts';
import { SessionTable } from './session-table.ts';
import { Session } from './session.ts';
import { printableName, type User } from './user.ts';

/** Unpredictable bytes, as many as asked for. */
export type RandomBytes = (length: number) => Uint8Array;

export interface SessionLayerOptions {
  readonly users: readonly User[];
  /** K_g, where two-key logins are wanted. */
  readonly kg?: Uint8Array;
  /** In order of preference. */
  readonly allowedCipherSuites: readonly CipherSuiteId[];
  readonly device: BmcDevice;
  readonly random: RandomBytes;
  readonly emit: (effect: Effect) => void;
}

type SessionEndCause = Extract<BmcEvent, { kind: 'sessionClosed' }>['cause'];

/** RMCP+ sessions: opens them, finds them by session id, checks and protects their packets, ends them. */
export class SessionLayer implements SessionDirectory {
  readonly #options: SessionLayerOptions;
  readonly #table = new SessionTable();
  readonly #closed: Session[] = [];
  readonly #cipherSuites: readonly (typeof cipherSuites)[CipherSuiteId][];
  #users: readonly User[];

  constructor(options: SessionLayerOptions) {
    this.#options = options;
    this.#users = options.users;
    this.#cipherSuites = options.allowedCipherSuites.map((id) => cipherSuites[id]);
  }

  get isEmpty(): boolean {
    return this.#table.size === 0;
  }

  find(managedSystemSessionId: number): Session | undefined {
    return this.#table.get(managedSystemSessionId);
  }

  /** Takes a payload of the handshake; others outside a session are passed over. */
  handleHandshake(payloadType: PayloadType, payload: Uint8Array, from: RemoteAddress, now: number): void {
    switch (payloadType) {
      case 'openSessionRequest': {
        this.#send('openSessionResponse', this.#open(payload, from, now), from, '');
        return;
      }
      case 'rakpMessage1': {
        const message = decodeRakpMessage1(payload);
        const answer = this.#answer('rakpMessage1', message, (session) =>
          answerRakpMessage1(message, session, this.#users, this.#options.device.guid),
        );
        this.#send('rakpMessage2', answer, from, printableName(message.userName));
        return;
      }
      case 'rakpMessage3':
        this.#takeRakpMessage3(decodeRakpMessage3(payload), from, now);
        return;
      default:
    }
  }

  /** The IPMI message of an authentic and fresh packet of an active session. */
  open(
    packet: SessionPacketV20,
    body: Uint8Array,
    from: RemoteAddress,
    now: number,
  ): { readonly session: Session; readonly payload: Uint8Array } | undefined {
    const session = this.#table.get(packet.sessionId);
    if (session?.security === undefined || !isFresh(session.inbound, packet.sessionSequenceNumber))
      return undefined;
    const payload = openSessionPacket(session.security, body, packet);
    if (payload === undefined) return undefined;
    markSeen(session.inbound, packet.sessionSequenceNumber);
    session.lastActivityAt = now;
    session.lastSource = from;
    // The remote console has RAKP Message 4, so nobody needs its ingredients any more.
    session.exchange = undefined;
    return { session, payload };
  }

  /** Sends an IPMI message within a session, unless the session has ended. */
  transmit(session: Session, payload: Uint8Array, to: RemoteAddress): void {
    if (session.security === undefined || this.#table.get(session.managedSystemSessionId) !== session) return;
    const outbound = {
      payloadType: 'ipmiMessage',
      sessionId: session.remoteConsoleSessionId,
      sessionSequenceNumber: session.nextOutboundSequenceNumber(),
      payload,
    } as const;
    const iv = this.#options.random(initializationVectorLength);
    this.#options.emit({ kind: 'transmit', to, datagram: sealSessionPacket(session.security, outbound, iv) });
  }

  active(): readonly Session[] {
    return this.#table.all().filter(({ phase }) => phase === 'active');
  }

  close(session: Session): void {
    this.#closed.push(session);
  }

  /** Forgets the sessions that were closed, now that the answers are out. */
  endClosed(): void {
    for (const session of this.#closed.splice(0)) {
      this.#table.remove(session);
      this.#reportEnd(session, 'closed');
    }
  }

  /** From now on these users may log in. Sessions end whose user is not among them exactly as it was; returns how many. */
  replaceUsers(users: readonly User[]): number {
    this.#users = users;
    const orphaned = this.#table.all().filter(({ user }) => user && !users.some((one) => one.equals(user)));
    for (const session of orphaned) {
      this.#table.remove(session);
      this.#reportEnd(session, 'userChanged');
    }
    return orphaned.filter(({ phase }) => phase === 'active').length;
  }

  /** The active sessions, oldest first. */
  describe(now: number): readonly SessionDescription[] {
    return this.#table.all().flatMap((session) => describeSession(session, now) ?? []);
  }

  expire(now: number): void {
    for (const session of this.#table.expire(now)) {
      this.#reportEnd(session, 'timedOut');
      if (session.phase === 'challenged') {
        const source = remoteAddressText(session.lastSource);
        this.#report({ kind: 'loginAbandoned', source, user: session.user?.displayName ?? '' });
      }
    }
  }

  #open(payload: Uint8Array, from: RemoteAddress, now: number): HandshakeAnswer {
    const request = decodeOpenSessionRequest(payload);
    const { messageTag, remoteConsoleSessionId } = request;
    const suite = selectCipherSuite(request.algorithms, this.#cipherSuites);
    if (typeof suite === 'string') return refuseHandshake(suite, messageTag, remoteConsoleSessionId);
    if (remoteConsoleSessionId === 0) return refuseHandshake('invalidSessionId', messageTag, 0);
    if (request.requestedMaximumPrivilegeLevel > privilegeLevel.administrator) {
      return refuseHandshake('invalidRole', messageTag, remoteConsoleSessionId);
    }
    if (!this.#table.hasRoom()) {
      return refuseHandshake('insufficientResourcesToCreateSession', messageTag, remoteConsoleSessionId);
    }
    const session = new Session({
      managedSystemSessionId: this.#newSessionId(),
      remoteConsoleSessionId,
      cipherSuiteId: suite.id,
      requestedMaximumPrivilegeLevel: request.requestedMaximumPrivilegeLevel,
      managedSystemRandomNumber: this.#options.random(16),
      source: from,
      now,
    });
    this.#table.add(session);
    return answerOpenSessionRequest(request, session);
  }

  #takeRakpMessage3(message: RakpMessage3, from: RemoteAddress, now: number): void {
    const session = this.#table.get(message.managedSystemSessionId);
    const wasActive = session?.phase === 'active';
    const answer = this.#answer('rakpMessage3', message, (found) =>
      answerRakpMessage3(message, found, this.#options.kg),
    );
    // A repeat that is not the very message that was accepted is no business of the active session.
    if (wasActive && answer?.refused !== undefined) return;
    this.#send('rakpMessage4', answer, from, session?.user?.displayName ?? '');
    if (session === undefined || wasActive) return;
    if (session.phase === 'active') {
      session.lastActivityAt = now;
      session.activeSince = now;
      this.#report({
        kind: 'sessionOpened',
        source: remoteAddressText(from),
        user: session.user?.displayName ?? '',
        cipherSuiteId: session.cipherSuiteId,
        privilege: session.privilegeLimit,
      });
    } else if (session.phase === 'challenged') {
      this.#table.remove(session);
    }
  }

  /** What the hand-shake table says for the message's session; undefined: no answer. */
  #answer(
    input: 'rakpMessage1' | 'rakpMessage3',
    message: RakpMessage1 | RakpMessage3,
    answer: (session: Session) => HandshakeAnswer,
  ): HandshakeAnswer | undefined {
    const session = this.#table.get(message.managedSystemSessionId);
    if (session === undefined) return refuseHandshake('invalidSessionId', message.messageTag, 0);
    switch (handshakeMoves[session.phase][input]) {
      case 'answer':
        return answer(session);
      case 'repeat':
        // Only until the first packet of the session proves that RAKP Message 4 arrived.
        return session.exchange === undefined ? undefined : answer(session);
      case 'refuse':
        return refuseHandshake('invalidSessionId', message.messageTag, session.remoteConsoleSessionId);
      case 'ignore':
        return undefined;
    }
  }

  #send(
    payloadType: PayloadType,
    answer: HandshakeAnswer | undefined,
    to: RemoteAddress,
    user: string,
  ): void {
    if (answer === undefined) return;
    const body = encodeSessionlessPacketV20(payloadType, answer.payload);
    const datagram = encodeRmcpPacket({ messageClass: 'ipmi', sequenceNumber: 0xff, body });
    this.#options.emit({ kind: 'transmit', to, datagram });
    if (answer.refused === undefined) return;
    this.#report({
      kind: 'sessionRefused',
      source: remoteAddressText(to),
      user,
      status: rmcpPlusStatusCode[answer.refused],
      reason: answer.refused,
    });
  }

  #newSessionId(): number {
    for (;;) {
      const id = new ByteReader(this.#options.random(4)).u32();
      if (id !== 0 && this.#table.get(id) === undefined) return id;
    }
  }

  #reportEnd(session: Session, cause: SessionEndCause): void {
    // A handshake that came to nothing is no session that an operator has to hear of.
    if (session.phase !== 'active') return;
    const source = remoteAddressText(session.lastSource);
    this.#report({ kind: 'sessionClosed', source, user: session.user?.displayName ?? '', cause });
  }

  #report(event: BmcEvent): void {
    this.#options.emit({ kind: 'event', event });
  }
}
