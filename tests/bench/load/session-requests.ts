import {
  BMC_SLAVE_ADDRESS,
  closeSession,
  DecodeError,
  decodeIpmiMessage,
  decodeRmcpPacket,
  decodeSessionPacketV20,
  encodeIpmiMessage,
  getChassisStatus,
  netFn,
  openSessionPacketV20,
  REMOTE_CONSOLE_ADDRESS,
  type Command,
} from '@vbmc/ipmi-codec';
import type { RemoteConsole } from '#support/console/remote-console.ts';

/** Makes the requests of one open session beforehand, and reads their answers afterwards. */
export class SessionRequests {
  readonly #console: RemoteConsole;
  #lastNumber: number;

  constructor(console: RemoteConsole) {
    this.#console = console;
    this.#lastNumber = console.sessionSequenceNumber;
  }

  /** Makes this many Get Chassis Status requests. Their session sequence numbers follow `last`, the last one sent. */
  chassisStatus(count: number): readonly Uint8Array[] {
    const first = this.#lastNumber + 1;
    return Array.from({ length: count }, (_unused, index) =>
      this.#seal(getChassisStatus, undefined, first + index),
    );
  }

  closing(): Uint8Array {
    const sessionId = this.#console.managedSystemSessionId;
    return this.#seal(closeSession, { sessionId }, this.#lastNumber + 1);
  }

  /** Notes how many of the requests made last were sent. The others are dropped. */
  sent(count: number): void {
    this.#lastNumber += count;
  }

  /** What is wrong with the answer to the request of that index among those made last; undefined if nothing is. */
  examine(datagram: Uint8Array, index: number, powerOn: boolean | undefined): string | undefined {
    const { security, remoteConsoleSessionId } = this.#console;
    try {
      const { body } = decodeRmcpPacket(datagram);
      const packet = decodeSessionPacketV20(body);
      if (packet.sessionId !== remoteConsoleSessionId) return 'an answer of another session';
      const payload = openSessionPacketV20(security, body, packet);
      if (payload === undefined) return 'an answer that is not authentic';
      const message = decodeIpmiMessage(payload);
      if (
        message.command !== getChassisStatus.code ||
        message.rqSeq !== rqSeqOf(this.#lastNumber + 1 + index)
      ) {
        return 'an answer to another request';
      }
      const [completionCode = 0xff] = message.data;
      if (completionCode !== 0) return `completion code ${completionCode.toString(16).padStart(2, '0')}h`;
      const status = getChassisStatus.response.decode(message.data.subarray(1));
      return powerOn === undefined || status.powerOn === powerOn ? undefined : 'the wrong power state';
    } catch (error) {
      if (error instanceof DecodeError) return `an answer that cannot be decoded: ${error.message}`;
      throw error;
    }
  }

  #seal<Request, Response>(
    command: Command<Request, Response>,
    value: Request,
    sessionSequenceNumber: number,
  ): Uint8Array {
    const payload = encodeIpmiMessage({
      toAddress: BMC_SLAVE_ADDRESS,
      netFn: netFn[command.netFn],
      toLun: 0,
      fromAddress: REMOTE_CONSOLE_ADDRESS,
      rqSeq: rqSeqOf(sessionSequenceNumber),
      fromLun: 0,
      command: command.code,
      data: command.request.encode(value),
    });
    return this.#console.seal({ payload, sessionSequenceNumber });
  }
}

function rqSeqOf(sessionSequenceNumber: number): number {
  return sessionSequenceNumber & 0x3f;
}
