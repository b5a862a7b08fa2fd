import {
  activateSession,
  decodeIpmiMessage,
  decodeRmcpPacket,
  decodeSessionPacketV15,
  encodeIpmiMessage,
  encodeRmcpPacket,
  encodeSessionlessPacketV15,
  getSessionChallenge,
  openSessionPacketV15,
  privilegeLevel,
  sealSessionPacketV15,
  SessionSecurityV15,
  type ActivateSessionRequest,
  type Command,
  type OutboundPayloadV15,
  type PrivilegeLevel,
} from '@vbmc/ipmi-codec';
import { requestMessage } from './request-message.ts';

const MD5 = 2;

/** The BMC's answer, inside the session or before it. */
export interface AnswerV15 {
  readonly completionCode: number;
  /** The data, decoded by the request's command; undefined if the completion code is not 0. */
  readonly value: unknown;
  readonly sessionSequenceNumber: number;
}

/** A remote console that speaks IPMI 1.5, without a network. It numbers requests and packets like ipmitool. */
export class ConsoleV15 {
  readonly #userName: Uint8Array;
  readonly #security: SessionSecurityV15;
  #command: Command<unknown, unknown> | undefined;
  #rqSeq = 0;
  #challenge = new Uint8Array(16);
  /** 0 before the session is active. */
  nextSequenceNumber = 0;
  sessionId = 0;
  active = false;

  constructor(userName: string, password: string) {
    const utf8 = new TextEncoder();
    this.#userName = new Uint8Array(16);
    this.#userName.set(utf8.encode(userName));
    this.#security = new SessionSecurityV15(utf8.encode(password).subarray(0, 16));
  }

  getSessionChallenge(authenticationType = MD5): Uint8Array {
    const payload = this.#message(getSessionChallenge, { authenticationType, userName: this.#userName });
    return rmcp(encodeSessionlessPacketV15(payload));
  }

  activateSession(level: PrivilegeLevel, tamper: Partial<ActivateSessionRequest> = {}): Uint8Array {
    const payload = this.#message(activateSession, {
      authenticationType: MD5,
      requestedMaximumPrivilegeLevel: privilegeLevel[level],
      challenge: this.#challenge,
      initialOutboundSequenceNumber: 0x1000,
      ...tamper,
    });
    return this.seal({ payload, sessionSequenceNumber: 0 });
  }

  request<Request, Response>(command: Command<Request, Response>, value: NoInfer<Request>): Uint8Array {
    return this.seal({ payload: this.#message(command, value) });
  }

  /** An authenticated packet. Session id and session sequence number default to the session's id and next number. */
  seal(outbound: Partial<OutboundPayloadV15> & { readonly payload: Uint8Array }): Uint8Array {
    const sessionSequenceNumber = outbound.sessionSequenceNumber ?? this.nextSequenceNumber++ >>> 0;
    return sealSessionPacketV15(this.#security, {
      sessionId: this.sessionId,
      ...outbound,
      sessionSequenceNumber,
    });
  }

  /** Raises an error if the datagram is not authentic or does not answer the last request. */
  receive(datagram: Uint8Array): AnswerV15 {
    const packet = decodeSessionPacketV15(decodeRmcpPacket(datagram).body);
    const payload =
      packet.authenticationType === 'none' ? packet.payload : openSessionPacketV15(this.#security, packet);
    if (payload === undefined) throw new Error('the packet is not authentic');
    if (packet.authenticationType === 'none' && packet.sessionId !== 0)
      throw new Error('the packet belongs to a session and has no authentication code');
    const message = decodeIpmiMessage(payload);
    const [completionCode = 0xff] = message.data;
    if (message.command !== this.#command?.code)
      throw new Error(`the packet answers another command: ${message.command}`);
    const value = completionCode === 0 ? this.#command.response.decode(message.data.subarray(1)) : undefined;
    this.#learn(value);
    return { completionCode, value, sessionSequenceNumber: packet.sessionSequenceNumber };
  }

  #learn(value: unknown): void {
    if (typeof value !== 'object' || value === null) return;
    if ('temporarySessionId' in value && 'challenge' in value) {
      this.sessionId = value.temporarySessionId as number;
      this.#challenge = Uint8Array.from(value.challenge as Uint8Array);
    } else if ('initialInboundSequenceNumber' in value && 'sessionId' in value && !this.active) {
      this.sessionId = value.sessionId as number;
      this.nextSequenceNumber = value.initialInboundSequenceNumber as number;
      this.active = true;
    }
  }

  #message<Request, Response>(command: Command<Request, Response>, value: Request): Uint8Array {
    this.#command = command as Command<unknown, unknown>;
    this.#rqSeq = (this.#rqSeq + 1) & 0x3f;
    return encodeIpmiMessage(requestMessage(command, value, this.#rqSeq));
  }
}

function rmcp(body: Uint8Array): Uint8Array {
  return encodeRmcpPacket({ messageClass: 'ipmi', sequenceNumber: 0xff, body });
}
