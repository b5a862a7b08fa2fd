import {
  cipherSuites,
  decodeAsfPresence,
  decodeIpmiMessage,
  decodeRmcpPacket,
  decodeSessionPacketV15,
  decodeSessionPacketV20,
  netFn,
  openSessionPacketV15,
  openSessionPacketV20,
  sessionIntegrityKey,
  SessionSecurityV20,
  SessionSecurityV15,
  type IpmiMessage,
  type RakpAlgorithm,
  type RakpExchange,
  type RmcpPacket,
  type SessionPacketV15,
  type SessionPacketV20,
} from '@vbmc/ipmi-codec';
import { allCommands, type AnyCommand } from '#support/all-commands.ts';
import { handshakeCodecs } from '#support/handshake-codecs.ts';
import { fromHex } from '#support/hex.ts';
import type { RecordedDatagram, Recording } from './recording.ts';

export interface DecodedDatagram {
  readonly rmcp: Omit<RmcpPacket, 'body'>;
  readonly session?:
    | Omit<SessionPacketV20, 'payload' | 'trailer'>
    | 'ipmi1.5'
    /** `authentic` is true if the packet was made with the recording's password. */
    | (Omit<SessionPacketV15, 'payload' | 'authCode'> & { readonly authentic: boolean });
  /** The decoded innermost payload: a handshake message, an IPMI message or a presence message. */
  readonly message: object;
  /** The data of an IPMI message, decoded by its command. */
  readonly command?: { readonly name: string; readonly completionCode?: number; readonly value?: unknown };
}

export function commandOf(message: IpmiMessage): AnyCommand | undefined {
  return allCommands.find(
    (command) => netFn[command.netFn] === (message.netFn & ~1) && command.code === message.command,
  );
}

/** Decodes the datagrams of a recorded exchange with the password, from which it derives the keys. */
export class Exchange {
  readonly recording: Recording;
  readonly algorithm: RakpAlgorithm;
  readonly kuid: Uint8Array;
  #rakp: RakpExchange;
  #security: SessionSecurityV20 | undefined;

  constructor(recording: Recording) {
    this.recording = recording;
    this.algorithm = cipherSuites[recording.cipherSuiteId ?? 3].authentication;
    this.kuid = new TextEncoder().encode(recording.password);
    this.#rakp = {
      remoteConsoleSessionId: 0,
      managedSystemSessionId: 0,
      remoteConsoleRandomNumber: new Uint8Array(16),
      managedSystemRandomNumber: new Uint8Array(16),
      managedSystemGuid: new Uint8Array(16),
      role: 0,
      userName: new Uint8Array(0),
    };
  }

  get rakp(): RakpExchange {
    return this.#rakp;
  }

  get sik(): Uint8Array {
    return sessionIntegrityKey(this.algorithm, this.kuid, this.#rakp);
  }

  get security(): SessionSecurityV20 {
    this.#security ??= new SessionSecurityV20(this.recording.cipherSuiteId ?? 3, this.sik);
    return this.#security;
  }

  get securityV15(): SessionSecurityV15 {
    return new SessionSecurityV15(this.kuid);
  }

  decode({ hex, from }: RecordedDatagram): DecodedDatagram {
    const { body, ...rmcp } = decodeRmcpPacket(fromHex(hex));
    if (rmcp.messageClass === 'asf') return { rmcp, message: decodeAsfPresence(body) };
    if (body[0] === 0 || body[0] === 2) {
      const { payload, authCode, ...session } = decodeSessionPacketV15(body);
      if (session.authenticationType === 'none') return { rmcp, session: 'ipmi1.5', ...ipmi(payload, from) };
      const authentic =
        openSessionPacketV15(this.securityV15, { ...session, payload, authCode }) !== undefined;
      return { rmcp, session: { ...session, authentic }, ...ipmi(payload, from) };
    }
    const packet = decodeSessionPacketV20(body);
    const { payloadType, encrypted, authenticated, sessionId, sessionSequenceNumber, payload } = packet;
    const session = { payloadType, encrypted, authenticated, sessionId, sessionSequenceNumber };
    const codec = handshakeCodecs[payloadType];
    if (codec !== undefined) {
      const message = codec.decode(payload);
      this.#learn(message);
      return { rmcp, session, message };
    }
    const opened = openSessionPacketV20(this.security, body, packet);
    if (opened === undefined) throw new Error('the authentication code does not match the password');
    return { rmcp, session, ...ipmi(opened, from) };
  }

  #learn(message: object): void {
    // The messages use the same field names as `RakpExchange`.
    const known = Object.entries(message).filter(([name]) => name in this.#rakp);
    this.#rakp = { ...this.#rakp, ...Object.fromEntries(known) };
  }
}

function ipmi(
  payload: Uint8Array,
  from: RecordedDatagram['from'],
): Pick<DecodedDatagram, 'message' | 'command'> {
  const message = decodeIpmiMessage(payload);
  const command = commandOf(message);
  if (command === undefined) return { message };
  if (from === 'remoteConsole') {
    return { message, command: { name: command.name, value: command.request.decode(message.data) } };
  }
  const [completionCode = 0xff] = message.data;
  if (completionCode !== 0) return { message, command: { name: command.name, completionCode } };
  const value = command.response.decode(message.data.subarray(1));
  return { message, command: { name: command.name, completionCode, value } };
}
