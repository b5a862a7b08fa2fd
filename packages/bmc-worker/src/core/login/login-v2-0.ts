import {
  decodeOpenSessionRequest,
  decodeRakpMessage1,
  decodeRakpMessage3,
  encodeRmcpPacket,
  encodeSessionlessPacketV20,
  privilegeLevel,
  privilegeLevelNames,
  rmcpPlusStatusCode,
  type CutRakpMessage1,
  type HandshakeRefusal,
  type OpenSessionRequest,
  type PayloadType,
  type RakpMessage1,
  type RakpMessage3,
} from '@vbmc/ipmi-codec';
import {
  answerOpenSessionRequest,
  answerRakpMessage1,
  answerRakpMessage3,
  isSameRakpMessage1,
  refuseHandshake,
  refuseLogin,
  refuseSession,
  type HandshakeAnswer,
} from './handshake-answers.ts';
import { handshakeStateOf, handshakeTable } from './handshake-table.ts';
import type { LoginOptions } from './login-options.ts';
import type { LoginTracker } from './login-tracker.ts';
import { remoteAddressText, type RemoteAddress } from '../terms/remote-address.ts';
import { SessionV20 } from '../session/session-v2-0.ts';
import type { SessionTable } from '../session/session-table.ts';
import { sourceOf } from '../terms/source.ts';
import { printableName } from '../session/user.ts';
import { selectCipherSuite } from './select-cipher-suite.ts';

interface Reply {
  readonly payloadType: PayloadType;
  readonly answer: HandshakeAnswer;
  readonly to: RemoteAddress;
  /** The user name of the login, printable; empty if it is not known yet. */
  readonly user: string;
}

/**
 * Opens IPMI 2.0 (RMCP+) sessions: answers the messages of the handshake. `handshake-table.ts` shows their order and
 * says which message counts when; `handshake-answers.ts` makes the answers; `login-v1-5.ts` is the login of IPMI 1.5.
 */
export class LoginV20 {
  readonly #options: LoginOptions;
  readonly #table: SessionTable;
  readonly #loginTracker: LoginTracker;

  constructor(options: LoginOptions, table: SessionTable, loginTracker: LoginTracker) {
    this.#options = options;
    this.#table = table;
    this.#loginTracker = loginTracker;
  }

  /** Takes a payload from outside a session; ignores payloads that are no message of a remote console's handshake. */
  handle(payloadType: PayloadType, payload: Uint8Array, from: RemoteAddress, now: number): void {
    switch (payloadType) {
      case 'openSessionRequest':
        this.#takeOpenSessionRequest(decodeOpenSessionRequest(payload), from, now);
        return;
      case 'rakpMessage1':
        this.#takeRakpMessage1(decodeRakpMessage1(payload), from, now);
        return;
      case 'rakpMessage3':
        this.#takeRakpMessage3(decodeRakpMessage3(payload), from, now);
        return;
      default:
    }
  }

  /** Takes note that the remote console of this session did not continue after RAKP Message 2, although it could. */
  abandon(session: SessionV20, now: number): void {
    this.noteHash(session, now);
    if (!session.userLoggedInSince) this.#loginFailed(session, now);
  }

  /** Reports that the remote console of this session has got RAKP Message 2, and will not log in with it. */
  noteHash(session: SessionV20, now: number): void {
    this.#loginTracker.unauthenticatedEvents.refusedLogins += 1;
    this.#tookHash(session, now);
  }

  #takeOpenSessionRequest(
    request: OpenSessionRequest | HandshakeRefusal,
    from: RemoteAddress,
    now: number,
  ): void {
    const answer = this.#open(request, from, now);
    this.#send({ payloadType: 'openSessionResponse', answer, to: from, user: '' }, now);
  }

  #open(request: OpenSessionRequest | HandshakeRefusal, from: RemoteAddress, now: number): HandshakeAnswer {
    const { messageTag, remoteConsoleSessionId } = request;
    if ('status' in request) return refuseHandshake(request.status, messageTag, remoteConsoleSessionId);
    const suite = selectCipherSuite(request.algorithms, this.#options.cipherSuites);
    if (typeof suite === 'string') return refuseHandshake(suite, messageTag, remoteConsoleSessionId);
    if (remoteConsoleSessionId === 0) return refuseHandshake('invalidSessionId', messageTag, 0);
    if (request.requestedMaximumPrivilegeLevel > privilegeLevel.administrator) {
      return refuseHandshake('invalidRole', messageTag, remoteConsoleSessionId);
    }
    // Whose login it is shows later: refused here is only what no user of that level would get.
    const level = privilegeLevelNames.get(request.requestedMaximumPrivilegeLevel) ?? 'administrator';
    if (this.#table.placeFor({ source: sourceOf(from.address), level }) === undefined) {
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

  #takeRakpMessage1(message: RakpMessage1 | CutRakpMessage1, from: RemoteAddress, now: number): void {
    const session = this.#find(message);
    const move = handshakeTable[handshakeStateOf(session)].rakpMessage1;
    if (move === 'ignore') return;
    const answer =
      move === 'refuse' || session === undefined
        ? refuseSession(message, session)
        : 'status' in message
          ? refuseHandshake(message.status, message.messageTag, session.remoteConsoleSessionId)
          : this.#challenge(message, session, now);
    const user = 'status' in message ? '' : printableName(message.userName);
    this.#send({ payloadType: 'rakpMessage2', answer, to: from, user }, now);
  }

  /** RAKP Message 2, after which the session is challenged unless the answer refuses. */
  #challenge(message: RakpMessage1, session: SessionV20, now: number): HandshakeAnswer {
    const { guard, users } = this.#loginTracker;
    // Each RAKP Message 2 is a hash of that user's password: one handshake gets one.
    if (session.phase === 'challenged' && !isSameRakpMessage1(message, session))
      return { ...refuseSession(message, session), reason: 'anotherLogin' };
    const verdict = guard.verdict(message.userName, session.origin, now);
    if (verdict !== 'admitted') return refuseLogin(verdict, message, session);
    const answer = answerRakpMessage1(message, session, users, this.#options.device.guid);
    if (answer.refused !== undefined) return answer;
    const evicted = this.#table.challenge(session);
    if (!(evicted instanceof SessionV20)) return answer;
    // A client that starts more logins than its share evicts its own: that one counts as abandoned.
    if (evicted.source === session.source) this.abandon(evicted, now);
    else this.noteHash(evicted, now);
    return answer;
  }

  #takeRakpMessage3(message: RakpMessage3, from: RemoteAddress, now: number): void {
    const session = this.#find(message);
    const move = handshakeTable[handshakeStateOf(session)].rakpMessage3;
    if (move === 'ignore') return;
    const reply = { payloadType: 'rakpMessage4', to: from, user: session?.user?.displayName ?? '' } as const;
    if (move === 'refuse' || session === undefined) {
      this.#send({ ...reply, answer: refuseSession(message, session) }, now);
      return;
    }
    if (move === 'repeat') {
      const answer = answerRakpMessage3(message, session, this.#loginTracker.users, this.#options.kg);
      // Any other message than the accepted one must not affect the active session, so it gets no answer.
      if (answer.refused === undefined) this.#send({ ...reply, answer }, now);
      return;
    }
    const answer = this.#activate(message, session, now);
    const isReported = this.#send({ ...reply, answer }, now);
    if (answer.refused === undefined) {
      this.#loginSucceeded(session, from, now);
      return;
    }
    if (!isReported) this.#tookHash(session, now);
    this.#table.remove(session);
    if (answer.refused === 'invalidIntegrityCheckValue') this.#loginFailed(session, now);
  }

  /** RAKP Message 4, after which the session is active unless the answer refuses. */
  #activate(message: RakpMessage3, session: SessionV20, now: number): HandshakeAnswer {
    const { guard, users } = this.#loginTracker;
    const userName = session.exchange?.userName;
    // Checked again: a client can begin many handshakes before the first of them fails.
    const verdict = userName ? guard.verdict(userName, session.origin, now) : 'admitted';
    if (verdict !== 'admitted') return refuseLogin(verdict, message, session);
    const answer = answerRakpMessage3(message, session, users, this.#options.kg);
    if (answer.refused !== undefined) return answer;
    const { source, user, privilegeLimit: level } = session;
    const place = this.#table.placeFor({ source, user: user?.displayName, level });
    if (place === undefined) {
      return refuseHandshake(
        'insufficientResourcesToCreateSession',
        message.messageTag,
        session.remoteConsoleSessionId,
      );
    }
    if (place !== 'free') this.#loginTracker.end(place.ends, 'displaced');
    this.#table.activate(session);
    return answer;
  }

  #loginFailed({ exchange, origin }: SessionV20, now: number): void {
    if (exchange !== undefined) this.#loginTracker.failed(exchange.userName, origin, now);
  }

  #tookHash({ claim, origin, lastSource }: SessionV20, now: number): void {
    this.#loginTracker.tookHash(claim, origin, lastSource, now);
  }

  /** Also marks the other open handshakes of the same client and user: they lost packets, so their time-out is no failed login. */
  #loginSucceeded(session: SessionV20, from: RemoteAddress, now: number): void {
    const { exchange, source } = session;
    if (exchange === undefined) return;
    this.#loginTracker.succeeded(session, exchange.userName, from, now);
    const user = printableName(exchange.userName);
    for (const other of this.#table.challengedOf(source)) {
      if (!(other instanceof SessionV20) || other.exchange === undefined) continue;
      if (other.origin.endpoint !== session.origin.endpoint) continue;
      if (printableName(other.exchange.userName) === user) other.userLoggedInSince = true;
    }
  }

  /** Whether what it says of a refusal was reported, if it is one. */
  #send({ payloadType, answer, to, user }: Reply, now: number): boolean {
    const body = encodeSessionlessPacketV20(payloadType, answer.payload);
    const datagram = encodeRmcpPacket({ messageClass: 'ipmi', sequenceNumber: 0xff, body });
    this.#options.emit({ kind: 'transmit', to, datagram });
    if (answer.refused === undefined) return true;
    return this.#loginTracker.unauthenticatedEvents.report(
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

  #find({ managedSystemSessionId }: Pick<RakpMessage1, 'managedSystemSessionId'>): SessionV20 | undefined {
    const session = this.#table.get(managedSystemSessionId);
    return session instanceof SessionV20 ? session : undefined;
  }
}
