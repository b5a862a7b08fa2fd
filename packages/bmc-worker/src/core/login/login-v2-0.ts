import {
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
import type { BmcDevice } from '../domain/bmc-device.ts';
import type { Effect } from '../terms/effects.ts';
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
import type { LoginTracker } from './login-tracker.ts';
import { remoteAddressText, type RemoteAddress } from '../terms/remote-address.ts';
import { SessionV20 } from '../session/session-v2-0.ts';
import type { SessionTable } from '../session/session-table.ts';
import { sourceOf } from '../terms/source.ts';
import { printableName } from '../session/user.ts';

export interface LoginV20Options {
  /** K_g, where two-key logins are wanted. */
  readonly kg?: Uint8Array;
  /** In order of preference. */
  readonly allowedCipherSuites: readonly CipherSuiteId[];
  readonly device: BmcDevice;
  readonly emit: (effect: Effect) => void;
}

/** Opens RMCP+ sessions: takes the messages of the handshake. */
export class LoginV20 {
  readonly #options: LoginV20Options;
  readonly #table: SessionTable;
  readonly #loginTracker: LoginTracker;
  readonly #cipherSuites: readonly (typeof cipherSuites)[CipherSuiteId][];

  constructor(options: LoginV20Options, table: SessionTable, loginTracker: LoginTracker) {
    this.#options = options;
    this.#table = table;
    this.#loginTracker = loginTracker;
    this.#cipherSuites = options.allowedCipherSuites.map((id) => cipherSuites[id]);
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
          const verdict = this.#loginTracker.guard.verdict(message.userName, session.source, now);
          if (verdict !== 'admitted') return refuseLogin(verdict, message, session);
          const accepted = answerRakpMessage1(
            message,
            session,
            this.#loginTracker.users,
            this.#options.device.guid,
          );
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
  abandon(session: SessionV20, now: number): void {
    const source = remoteAddressText(session.lastSource);
    const { user, verdict } = session.claim ?? {};
    this.#loginTracker.unauthenticatedEvents.report(
      {
        kind: 'loginAbandoned',
        source,
        user: user?.displayName ?? '',
        ...(verdict === 'unknownUser' && { unknownUser: true }),
      },
      now,
    );
    if (!session.userLoggedInSince) this.#loginFailed(session, now);
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
    const session = new SessionV20({
      managedSystemSessionId: this.#loginTracker.newSessionId(),
      remoteConsoleSessionId,
      cipherSuiteId: suite.id,
      requestedMaximumPrivilegeLevel: request.requestedMaximumPrivilegeLevel,
      managedSystemRandomNumber: this.#loginTracker.random(16),
      source: from,
      now,
    });
    this.#table.add(session);
    return answerOpenSessionRequest(request, session);
  }

  #takeRakpMessage3(message: RakpMessage3, from: RemoteAddress, now: number): void {
    const session = this.#find(message);
    const wasActive = session?.phase === 'active';
    const answer = this.#answer('rakpMessage3', message, (found) =>
      wasActive
        ? answerRakpMessage3(message, found, this.#loginTracker.users, this.#options.kg)
        : this.#finish(message, found, now),
    );
    // A repeat that is not the very message that was accepted is no business of the active session.
    if (wasActive && answer?.refused !== undefined) return;
    this.#send('rakpMessage4', answer, from, session?.user?.displayName ?? '', now);
    if (session === undefined || wasActive) return;
    if (session.phase === 'active') {
      this.#loginSucceeded(session, from, now);
    } else if (session.phase === 'challenged') {
      this.#table.remove(session);
      if (answer?.refused === 'invalidIntegrityCheckValue') this.#loginFailed(session, now);
    }
  }

  /** RAKP Message 4 of a session that is not active yet, which it then is, unless it was refused. */
  #finish(message: RakpMessage3, session: SessionV20, now: number): HandshakeAnswer {
    const userName = session.exchange?.userName;
    // Once more: many handshakes may have been begun before the first of them failed.
    const verdict = userName ? this.#loginTracker.guard.verdict(userName, session.source, now) : 'admitted';
    if (verdict !== 'admitted') return refuseLogin(verdict, message, session);
    const answer = answerRakpMessage3(message, session, this.#loginTracker.users, this.#options.kg);
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

  #challenge(session: SessionV20, now: number): void {
    const evicted = this.#table.challenge(session);
    // Who begins so many logins at once that he pushes out his own has given that one up.
    if (evicted instanceof SessionV20 && evicted.source === session.source) this.abandon(evicted, now);
  }

  #loginFailed({ exchange, source }: SessionV20, now: number): void {
    if (exchange !== undefined) this.#loginTracker.failed(exchange.userName, source, now);
  }

  /** Forgets the failures before, and those to come of handshakes that lost packets before this one went through. */
  #loginSucceeded(session: SessionV20, from: RemoteAddress, now: number): void {
    const { exchange, source } = session;
    if (exchange === undefined) return;
    this.#loginTracker.succeeded(session, exchange.userName, from, now);
    const user = printableName(exchange.userName);
    for (const other of this.#table.challengedOf(source)) {
      if (!(other instanceof SessionV20) || other.exchange === undefined) continue;
      if (printableName(other.exchange.userName) === user) other.userLoggedInSince = true;
    }
  }

  /** What the hand-shake table says for the message's session; undefined: no answer. */
  #answer(
    input: 'rakpMessage1' | 'rakpMessage3',
    message: RakpMessage1 | RakpMessage3,
    answer: (session: SessionV20) => HandshakeAnswer,
  ): HandshakeAnswer | undefined {
    const session = this.#find(message);
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
    this.#loginTracker.unauthenticatedEvents.report(
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

  #find({ managedSystemSessionId }: RakpMessage1 | RakpMessage3): SessionV20 | undefined {
    const session = this.#table.get(managedSystemSessionId);
    return session instanceof SessionV20 ? session : undefined;
  }
}
