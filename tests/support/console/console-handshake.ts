import {
  authenticationAlgorithm,
  cipherSuites,
  codesEqual,
  confidentialityAlgorithm,
  decodeOpenSessionResponse,
  decodeRakpMessage2,
  decodeRakpMessage4,
  encodeOpenSessionRequest,
  encodeRakpMessage1,
  encodeRakpMessage3,
  encodeRmcpPacket,
  encodeSessionlessPacketV20,
  integrityAlgorithm,
  NAME_ONLY_LOOKUP_BIT,
  privilegeLevel,
  rakpMessage2Code,
  rakpMessage3Code,
  rakpMessage4Value,
  SessionSecurityV20,
  sessionIntegrityKey,
  type CipherSuiteId,
  type OpenSessionRequest,
  type PayloadType,
  type PrivilegeLevel,
  type RakpAlgorithm,
  type RakpExchange,
  type RakpMessage1,
  type RakpMessage3,
} from '@vbmc/ipmi-codec';
import type { ConsoleAnswer } from './console-answer.ts';

export interface RemoteConsoleOptions {
  readonly userName: string;
  readonly password: string;
  /** K_g, for a two-key login. */
  readonly kg?: Uint8Array;
  readonly privilegeLevel: PrivilegeLevel;
  readonly cipherSuiteId: CipherSuiteId;
  readonly randomBytes: (length: number) => Uint8Array;
}

const utf8 = new TextEncoder();
const noCode = new Uint8Array(0);
const unknown16 = new Uint8Array(16);

function handshakeDatagram(type: PayloadType, payload: Uint8Array): Uint8Array {
  return encodeRmcpPacket({
    messageClass: 'ipmi',
    sequenceNumber: 0xff,
    body: encodeSessionlessPacketV20(type, payload),
  });
}

/** The remote console's side of Open Session and RAKP. Tests can tamper with every message. */
export class ConsoleHandshake {
  readonly remoteConsoleSessionId: number;
  readonly #options: RemoteConsoleOptions;
  readonly #kuid: Uint8Array;
  readonly #algorithm: RakpAlgorithm;
  #exchange: RakpExchange;
  #sik: Uint8Array = noCode;
  #security: SessionSecurityV20 | undefined;
  #messageTag = -1;

  constructor(options: RemoteConsoleOptions) {
    this.#options = options;
    this.#kuid = utf8.encode(options.password);
    this.#algorithm = cipherSuites[options.cipherSuiteId].authentication;
    const [a = 0, b = 0, c = 0, d = 0] = options.randomBytes(4);
    // Sets the lowest bit, because 0 is not a valid session id.
    this.remoteConsoleSessionId = (a | (b << 8) | (c << 16) | (d << 24) | 1) >>> 0;
    this.#exchange = {
      remoteConsoleSessionId: this.remoteConsoleSessionId,
      managedSystemSessionId: 0,
      remoteConsoleRandomNumber: options.randomBytes(16),
      managedSystemRandomNumber: unknown16,
      managedSystemGuid: unknown16,
      role: privilegeLevel[options.privilegeLevel] | NAME_ONLY_LOOKUP_BIT,
      userName: utf8.encode(options.userName),
    };
  }

  /** The session id that the BMC chose; 0 before its Open Session Response. */
  get managedSystemSessionId(): number {
    return this.#exchange.managedSystemSessionId;
  }

  /** The GUID from RAKP Message 2. */
  get managedSystemGuid(): Uint8Array {
    return this.#exchange.managedSystemGuid;
  }

  /** The session's keys; undefined before RAKP Message 2. */
  get security(): SessionSecurityV20 | undefined {
    return this.#security;
  }

  openSessionRequest(tamper: Partial<OpenSessionRequest> = {}): Uint8Array {
    const suite = cipherSuites[this.#options.cipherSuiteId];
    const message: OpenSessionRequest = {
      messageTag: this.#nextMessageTag(),
      requestedMaximumPrivilegeLevel: privilegeLevel[this.#options.privilegeLevel],
      remoteConsoleSessionId: this.remoteConsoleSessionId,
      algorithms: {
        authentication: authenticationAlgorithm[suite.authentication],
        integrity: integrityAlgorithm[suite.integrity],
        confidentiality: confidentialityAlgorithm[suite.confidentiality],
      },
      ...tamper,
    };
    return handshakeDatagram('openSessionRequest', encodeOpenSessionRequest(message));
  }

  rakpMessage1(tamper: Partial<RakpMessage1> = {}): Uint8Array {
    const { managedSystemSessionId, remoteConsoleRandomNumber, role, userName } = this.#exchange;
    const message: RakpMessage1 = {
      messageTag: this.#nextMessageTag(),
      managedSystemSessionId,
      remoteConsoleRandomNumber,
      role,
      userName,
      ...tamper,
    };
    // Both sides compute their codes from the values that were sent.
    this.#exchange = {
      ...this.#exchange,
      remoteConsoleRandomNumber: message.remoteConsoleRandomNumber,
      role: message.role,
      userName: message.userName,
    };
    return handshakeDatagram('rakpMessage1', encodeRakpMessage1(message));
  }

  rakpMessage3(tamper: Partial<RakpMessage3> = {}): Uint8Array {
    const message: RakpMessage3 = {
      messageTag: this.#nextMessageTag(),
      status: 0,
      managedSystemSessionId: this.#exchange.managedSystemSessionId,
      keyExchangeAuthenticationCode: rakpMessage3Code(this.#algorithm, this.#kuid, this.#exchange),
      ...tamper,
    };
    return handshakeDatagram('rakpMessage3', encodeRakpMessage3(message));
  }

  /** Reads a payload outside any session. Raises `DecodeError`. */
  receive(type: PayloadType, payload: Uint8Array): ConsoleAnswer {
    if (type === 'openSessionResponse') return this.#openSessionResponse(payload);
    if (type === 'rakpMessage2') return this.#rakpMessage2(payload);
    if (type === 'rakpMessage4') return this.#rakpMessage4(payload);
    return { kind: 'ignored', reason: `a ${type} outside a session` };
  }

  #openSessionResponse(payload: Uint8Array): ConsoleAnswer {
    const message = decodeOpenSessionResponse(payload);
    const stray = this.#stray(message);
    if (stray !== undefined) return stray;
    if (message.status !== 'noErrors') return { kind: 'refusal', of: 'openSessionRequest', refusal: message };
    this.#exchange = { ...this.#exchange, managedSystemSessionId: message.managedSystemSessionId };
    return { kind: 'openSessionResponse', message };
  }

  #rakpMessage2(payload: Uint8Array): ConsoleAnswer {
    const message = decodeRakpMessage2(payload);
    const stray = this.#stray(message);
    if (stray !== undefined) return stray;
    if (message.status !== 'noErrors') return { kind: 'refusal', of: 'rakpMessage1', refusal: message };
    this.#exchange = {
      ...this.#exchange,
      managedSystemRandomNumber: message.managedSystemRandomNumber.slice(),
      managedSystemGuid: message.managedSystemGuid.slice(),
    };
    this.#sik = sessionIntegrityKey(this.#algorithm, this.#options.kg ?? this.#kuid, this.#exchange);
    this.#security = new SessionSecurityV20(this.#options.cipherSuiteId, this.#sik);
    const expected = rakpMessage2Code(this.#algorithm, this.#kuid, this.#exchange);
    return {
      kind: 'rakpMessage2',
      message,
      verified: codesEqual(expected, message.keyExchangeAuthenticationCode),
    };
  }

  #rakpMessage4(payload: Uint8Array): ConsoleAnswer {
    const message = decodeRakpMessage4(payload);
    const stray = this.#stray(message);
    if (stray !== undefined) return stray;
    if (message.status !== 'noErrors') return { kind: 'refusal', of: 'rakpMessage3', refusal: message };
    const expected = rakpMessage4Value(this.#algorithm, this.#sik, this.#exchange);
    return { kind: 'rakpMessage4', message, verified: codesEqual(expected, message.integrityCheckValue) };
  }

  /** Set if the answer belongs to another session, or to a message before the last one. */
  #stray({ messageTag, remoteConsoleSessionId }: HandshakeAnswer): ConsoleAnswer | undefined {
    if (messageTag !== this.#messageTag) return { kind: 'ignored', reason: `message tag ${messageTag}` };
    // A BMC that refuses an unknown session id does not know ours and sends 0 (v2.0§13.21).
    if (remoteConsoleSessionId === this.remoteConsoleSessionId || remoteConsoleSessionId === 0)
      return undefined;
    return { kind: 'ignored', reason: `remote console session id ${remoteConsoleSessionId}` };
  }

  #nextMessageTag(): number {
    this.#messageTag = (this.#messageTag + 1) & 0xff;
    return this.#messageTag;
  }
}

interface HandshakeAnswer {
  readonly messageTag: number;
  readonly remoteConsoleSessionId: number;
}
