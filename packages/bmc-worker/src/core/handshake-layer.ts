import {
  ByteReader,
  cipherSuites,
  decodeOpenSessionRequest,
  decodeRakpMessage1,
  decodeRakpMessage3,
  encodeRmcpPacket,
  encodeSessionlessPacketV20,
  privilegeLevel,
  rmcpPlusStatusCode,
  type CipherSuiteId,
  type PayloadType,
  type RakpMessage1,
  type RakpMessage3,
} from '@vbmc/ipmi-codec';
import type { BmcEvent } from './bmc-event.ts';
import type { BmcDevice } from './device/bmc-device.ts';
import type { Effect } from './effects.ts';
import {
  answerOpenSessionRequest,
  answerRakpMessage1,
  answerRakpMessage3,
  refuseHandshake,
  refuseLogin,
  selectCipherSuite,
  type HandshakeAnswer,
} from './handshake.ts';
import { handshakeMoves } from './handshake-table.ts';
import { LoginGuard, type LoginPolicy } from './login-guard.ts';
import type { RandomBytes } from './random-bytes.ts';
import { remoteAddressText, type RemoteAddress } from './remote-address.ts';
import type { SessionTable } from './session-table.ts';
import { Session } from './session.ts';
import { sourceOf } from './source.ts';
import { StrangerEvents } from './stranger-events.ts';
import { UserDirectory } from './user-directory.ts';
import { printableName, type User } from './user.ts';

export interface HandshakeLayerOptions {
  readonly users: readonly User[];
  /** K_g, where two-key logins are wanted. */
  readonly kg?: Uint8Array;
  /** In order of preference. */
  readonly allowedCipherSuites: readonly CipherSuiteId[];
  readonly loginPolicy: LoginPolicy;
  readonly device: BmcDevice;
  readonly random: RandomBytes;
  readonly emit: (effect: Effect) => void;
}

/** Opens RMCP+ sessions: takes the messages of the handshake, keeps count of failed logins. */
export class HandshakeLayer {
  readonly #options: HandshakeLayerOptions;
  readonly #table: SessionTable;
  readonly guard: LoginGuard;
  readonly strangers: StrangerEvents;
  readonly #cipherSuites: readonly (typeof cipherSuites)[CipherSuiteId][];
  readonly #users: UserDirectory;

  constructor(options: HandshakeLayerOptions, table: SessionTable) {
    this.#options = options;
    this.#table = table;
    this.guard = new LoginGuard(options.loginPolicy);
    this.strangers = new StrangerEvents((event) => {
      this.#report(event);
    });
    this.#cipherSuites = options.allowedCipherSuites.map((id) => cipherSuites[id]);
    this.#users = new UserDirectory(options.users, options.random);
  }

  /** From now on these users may log in. */
  replaceUsers(users: readonly User[]): void {
    this.#users.replace(users);
  }

  /** Takes a payload of the handshake; others outside a session are passed over. */
  handle(payloadType: PayloadType, payload: Uint8Array, from: RemoteAddress, now: number): void {
    switch (payloadType) {
      case 'openSessionRequest': {
        this.#send('openSessionResponse', this.#open(payload, from, now), from, '', now);
        return;
      }
      case 'rakpMessage1': {
        const message = decodeRakpMessage1(payload);
        const answer = this.#answer('rakpMessage1', message, (session) => {
          const verdict = this.guard.verdict(message.userName, session.source, now);
          if (verdict !== 'admitted') return refuseLogin(verdict, message, session);
          const accepted = answerRakpMessage1(message, session, this.#users, this.#options.device.guid);
          if (accepted.refused === undefined) this.#challenge(session, now);
          return accepted;
        });
        this.#send('rakpMessage2', answer, from, printableName(message.userName), now);
        return;
      }
      case 'rakpMessage3':
        this.#takeRakpMessage3(decodeRakpMessage3(payload), from, now);
        return;
      default:
    }
  }

  /** The remote console of this session has not come back after RAKP Message 2. */
  abandon(session: Session, now: number): void {
    const source = remoteAddressText(session.lastSource);
    const { user, verdict } = session.claim ?? {};
    this.strangers.report(
      {
        kind: 'loginAbandoned',
        source,
        user: user?.displayName ?? '',
        ...(verdict === 'unknownUser' && { unknownUser: true }),
      },
      now,
    );
    if (!session.outlivedBySuccess) this.#loginFailed(session, now);
  }

  #open(payload: Uint8Array, from: RemoteAddress, now: number): HandshakeAnswer {
    const request = decodeOpenSessionRequest(payload);
    const { messageTag, remoteConsoleSessionId } = request;
    if ('status' in request) return refuseHandshake(request.status, messageTag, remoteConsoleSessionId);
    const suite = selectCipherSuite(request.algorithms, this.#cipherSuites);
    if (typeof suite === 'string') return refuseHandshake(suite, messageTag, remoteConsoleSessionId);
    if (remoteConsoleSessionId === 0) return refuseHandshake('invalidSessionId', messageTag, 0);
    if (request.requestedMaximumPrivilegeLevel > privilegeLevel.administrator) {
      return refuseHandshake('invalidRole', messageTag, remoteConsoleSessionId);
    }
    if (!this.#table.hasRoomFor(sourceOf(from.address))) {
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
      wasActive ? answerRakpMessage3(message, found, this.#options.kg) : this.#finish(message, found, now),
    );
    // A repeat that is not the very message that was accepted is no business of the active session.
    if (wasActive && answer?.refused !== undefined) return;
    this.#send('rakpMessage4', answer, from, session?.user?.displayName ?? '', now);
    if (session === undefined || wasActive) return;
    if (session.phase === 'active') {
      session.lastActivityAt = now;
      session.activeSince = now;
      this.#loginSucceeded(session);
      this.#report({
        kind: 'sessionOpened',
        source: remoteAddressText(from),
        user: session.user?.displayName ?? '',
        cipherSuiteId: session.cipherSuiteId,
        privilege: session.privilegeLimit,
      });
    } else if (session.phase === 'challenged') {
      this.#table.remove(session);
      if (answer?.refused === 'invalidIntegrityCheckValue') this.#loginFailed(session, now);
    }
  }

  /** RAKP Message 4 of a session that is not active yet, which it then is, unless it was refused. */
  #finish(message: RakpMessage3, session: Session, now: number): HandshakeAnswer {
    const userName = session.exchange?.userName;
    // Once more: many handshakes may have been begun before the first of them failed.
    const verdict = userName ? this.guard.verdict(userName, session.source, now) : 'admitted';
    if (verdict !== 'admitted') return refuseLogin(verdict, message, session);
    const answer = answerRakpMessage3(message, session, this.#options.kg);
    if (answer.refused !== undefined) return answer;
    // Once more as well: there may have been fewer sessions when this one was opened.
    if (!this.#table.hasRoomFor(session.source)) {
      const { messageTag } = message;
      return refuseHandshake(
        'insufficientResourcesToCreateSession',
        messageTag,
        session.remoteConsoleSessionId,
      );
    }
    this.#table.activate(session);
    return answer;
  }

  #challenge(session: Session, now: number): void {
    const evicted = this.#table.challenge(session);
    // Who begins so many logins at once that he pushes out his own has given that one up.
    if (evicted?.source === session.source) this.abandon(evicted, now);
  }

  /** Counted for whoever opened the session: the answer with its id went there, so that is not forged. */
  #loginFailed({ exchange, source }: Session, now: number): void {
    if (exchange === undefined) return;
    const lockedOut = this.guard.failed(exchange.userName, source, now);
    if (lockedOut === undefined) return;
    const { user, failures, remainingMs } = lockedOut;
    this.strangers.report({ kind: 'loginLockedOut', source, user, failures, lockoutMs: remainingMs }, now);
  }

  /** Forgets the failures before, and those to come of handshakes that lost packets before this one went through. */
  #loginSucceeded({ exchange, source }: Session): void {
    if (exchange === undefined) return;
    const user = printableName(exchange.userName);
    this.guard.succeeded(exchange.userName, source);
    for (const other of this.#table.challengedOf(source)) {
      if (other.exchange && printableName(other.exchange.userName) === user) other.outlivedBySuccess = true;
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
    now: number,
  ): void {
    if (answer === undefined) return;
    const body = encodeSessionlessPacketV20(payloadType, answer.payload);
    const datagram = encodeRmcpPacket({ messageClass: 'ipmi', sequenceNumber: 0xff, body });
    this.#options.emit({ kind: 'transmit', to, datagram });
    if (answer.refused === undefined) return;
    this.strangers.report(
      {
        kind: 'sessionRefused',
        source: remoteAddressText(to),
        user,
        status: rmcpPlusStatusCode[answer.refused],
        reason: answer.reason ?? answer.refused,
      },
      now,
    );
  }

  #newSessionId(): number {
    for (;;) {
      const id = new ByteReader(this.#options.random(4)).u32();
      if (id !== 0 && this.#table.get(id) === undefined) return id;
    }
  }

  #report(event: BmcEvent): void {
    this.#options.emit({ kind: 'event', event });
  }
}
