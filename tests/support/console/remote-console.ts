import {
  decodeAsfPresence,
  DecodeError,
  decodeIpmiMessage,
  decodeRmcpPacket,
  decodeSessionPacketV15,
  decodeSessionPacketV20,
  encodeAsfPresence,
  encodeIpmiMessage,
  encodeRmcpPacket,
  encodeSessionlessPacketV15,
  INITIALIZATION_VECTOR_LENGTH,
  openSessionPacketV20,
  sealSessionPacketV20,
  type Command,
  type IpmiMessage,
  type OpenSessionRequest,
  type OutboundPayloadV20,
  type RakpMessage1,
  type RakpMessage3,
  type SessionSecurityV20,
} from '@vbmc/ipmi-codec';
import { requestMessage } from './request-message.ts';
import type { ConsoleAnswer } from './console-answer.ts';
import { ConsoleHandshake, type RemoteConsoleOptions } from './console-handshake.ts';

interface PendingRequest {
  readonly message: IpmiMessage;
  readonly decode: (data: Uint8Array) => unknown;
}

const IPMI_V15 = 0x00;

/**
 * A remote console without a network: it makes the datagrams of one session in order and reads the BMC's. It behaves
 * like ipmitool: name-only look-up, address 81h, session sequence numbers from 1; a retransmission keeps its rqSeq and
 * gets a new session sequence number.
 */
export class RemoteConsole {
  readonly #handshake: ConsoleHandshake;
  readonly #randomBytes: (length: number) => Uint8Array;
  readonly #pending = new Map<number, PendingRequest>();
  #pingTag = 0;
  #rqSeq = 0;
  #sessionSequenceNumber = 0;
  #active = false;

  constructor(options: RemoteConsoleOptions) {
    this.#handshake = new ConsoleHandshake(options);
    this.#randomBytes = options.randomBytes;
  }

  /** Whether a valid RAKP Message 4 has arrived. */
  get active(): boolean {
    return this.#active;
  }

  get remoteConsoleSessionId(): number {
    return this.#handshake.remoteConsoleSessionId;
  }

  /** The session id that the BMC chose; 0 before its Open Session Response. */
  get managedSystemSessionId(): number {
    return this.#handshake.managedSystemSessionId;
  }

  /** The session sequence number of the last packet that the console sent in the session; 0 before the first. */
  get sessionSequenceNumber(): number {
    return this.#sessionSequenceNumber;
  }

  /** The GUID from RAKP Message 2. */
  get managedSystemGuid(): Uint8Array {
    return this.#handshake.managedSystemGuid;
  }

  /** The session's keys, for tests that seal packets themselves. */
  get security(): SessionSecurityV20 {
    const { security } = this.#handshake;
    if (security === undefined) throw new Error('there are no session keys before RAKP Message 2');
    return security;
  }

  presencePing(): Uint8Array {
    const body = encodeAsfPresence({ type: 'ping', messageTag: this.#pingTag++ & 0x7f });
    return encodeRmcpPacket({ messageClass: 'asf', sequenceNumber: 0xff, body });
  }

  openSessionRequest(tamper?: Partial<OpenSessionRequest>): Uint8Array {
    return this.#handshake.openSessionRequest(tamper);
  }

  rakpMessage1(tamper?: Partial<RakpMessage1>): Uint8Array {
    return this.#handshake.rakpMessage1(tamper);
  }

  rakpMessage3(tamper?: Partial<RakpMessage3>): Uint8Array {
    return this.#handshake.rakpMessage3(tamper);
  }

  /** A request. It is inside the session once that is active, before that in an IPMI 1.5 packet without a session. */
  request<Request, Response>(
    command: Command<Request, Response>,
    value: NoInfer<Request>,
    tamper: Partial<IpmiMessage> = {},
  ): Uint8Array {
    this.#rqSeq = (this.#rqSeq + 1) & 0x3f;
    const message: IpmiMessage = { ...requestMessage(command, value, this.#rqSeq), ...tamper };
    this.#pending.set(message.rqSeq, { message, decode: command.response.decode });
    return this.#wrap(message);
  }

  /** The rqSeq of the last request. */
  get rqSeq(): number {
    return this.#rqSeq;
  }

  /** The request with this rqSeq again, in a packet with the next session sequence number. */
  retransmit(rqSeq: number = this.#rqSeq): Uint8Array {
    const pending = this.#pending.get(rqSeq);
    if (pending === undefined) throw new Error(`no request with rqSeq ${rqSeq} is waiting for its response`);
    return this.#wrap(pending.message);
  }

  /** A packet of this session with any payload. The session sequence number defaults to the next one. */
  seal(outbound: Partial<OutboundPayloadV20> & { readonly payload: Uint8Array }): Uint8Array {
    return sealSessionPacketV20(
      this.security,
      {
        payloadType: 'ipmiMessage',
        sessionId: this.managedSystemSessionId,
        sessionSequenceNumber: outbound.sessionSequenceNumber ?? this.#nextSessionSequenceNumber(),
        ...outbound,
      },
      this.#randomBytes(INITIALIZATION_VECTOR_LENGTH),
    );
  }

  /**
   * Reads one datagram from the BMC. Returns `ignored` for stray, forged and malformed ones. Raises a `DecodeError` if
   * the BMC answers a request with data that cannot be decoded, because that is the BMC's fault.
   */
  receive(datagram: Uint8Array): ConsoleAnswer {
    const opened = this.#open(datagram);
    if ('kind' in opened) return opened;
    const { message, insideSession } = opened;
    const { rqSeq } = message;
    const pending = this.#pending.get(rqSeq);
    if (pending?.message.command !== message.command || message.netFn !== (pending.message.netFn | 1)) {
      return { kind: 'ignored', reason: `a response without a request: rqSeq ${rqSeq}` };
    }
    const [completionCode] = message.data;
    if (completionCode === undefined)
      return { kind: 'ignored', reason: 'a response without a completion code' };
    this.#pending.delete(rqSeq);
    const value = completionCode === 0 ? pending.decode(message.data.subarray(1)) : undefined;
    return { kind: 'response', rqSeq, completionCode, value, message, insideSession };
  }

  #open(datagram: Uint8Array): ConsoleAnswer | { message: IpmiMessage; insideSession: boolean } {
    try {
      const { messageClass, body } = decodeRmcpPacket(datagram);
      if (messageClass === 'asf') return { kind: 'pong', messageTag: decodeAsfPresence(body).messageTag };
      if (body[0] === IPMI_V15) {
        return { message: decodeIpmiMessage(decodeSessionPacketV15(body).payload), insideSession: false };
      }
      const packet = decodeSessionPacketV20(body);
      if (packet.sessionId === 0) {
        if (packet.payloadType === 'ipmiMessage') {
          return { message: decodeIpmiMessage(packet.payload), insideSession: false };
        }
        const answer = this.#handshake.receive(packet.payloadType, packet.payload);
        if (answer.kind === 'rakpMessage4' && answer.verified) this.#active = true;
        return answer;
      }
      const { security } = this.#handshake;
      if (packet.sessionId !== this.remoteConsoleSessionId || security === undefined) {
        return { kind: 'ignored', reason: `session id ${packet.sessionId}` };
      }
      const payload = openSessionPacketV20(security, body, packet);
      if (payload === undefined) return { kind: 'ignored', reason: 'an unprotected or forged packet' };
      return { message: decodeIpmiMessage(payload), insideSession: true };
    } catch (error) {
      if (error instanceof DecodeError) return { kind: 'ignored', reason: error.message };
      throw error;
    }
  }

  #wrap(message: IpmiMessage): Uint8Array {
    const payload = encodeIpmiMessage(message);
    if (this.#active) return this.seal({ payload });
    const body = encodeSessionlessPacketV15(payload);
    return encodeRmcpPacket({ messageClass: 'ipmi', sequenceNumber: 0xff, body });
  }

  #nextSessionSequenceNumber(): number {
    // 0 means "no session" and is skipped when the number wraps (v2.0§6.12.12).
    this.#sessionSequenceNumber = (this.#sessionSequenceNumber + 1) >>> 0 || 1;
    return this.#sessionSequenceNumber;
  }
}

export type { RemoteConsoleOptions } from './console-handshake.ts';
