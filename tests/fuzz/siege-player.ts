import {
  authenticationType,
  BMC_SLAVE_ADDRESS,
  encodeIpmiMessage,
  encodeRmcpPacket,
  encodeSessionHeaderV20,
  encodeSessionlessPacketV20,
  encodeSessionlessPacketV15,
  netFn,
  privilegeLevel,
  REMOTE_CONSOLE_ADDRESS,
  setSessionPrivilegeLevel,
  type PrivilegeLevel,
} from '@vbmc/ipmi-codec';
import { newConsole } from '#support/bmc/console-of-bmc.ts';
import { shortPasswordOf } from '#support/bmc/console-v1-5-of-bmc.ts';
import { seededBytes } from '#support/bmc/seeded-bytes.ts';
import { ConsoleV15 } from '#support/console-v1-5.ts';
import { toHex } from '#support/hex.ts';
import type { RemoteConsole } from '#support/remote-console.ts';
import { mutate } from './mutation.ts';
import { withChecksums } from './repaired.ts';
import { kgOfSiege } from './siege-cast.ts';
import {
  playerNames,
  type PlayerName,
  type SiegeSettings,
  type StepOf,
  type SuiteChoice,
} from './siege-step.ts';

/** A packet that was made with a session's keys: nothing else may do anything inside that session. */
export interface AuthenticPacket {
  readonly player: Player;
  readonly sessionId: number;
  readonly sessionSequenceNumber: number;
  /** Network function and command of its message, as far as it has one. */
  readonly netFn: number;
  readonly command: number;
}

type Request = Omit<StepOf<'request'>, 'kind' | 'player' | 'source' | 'outside'>;

/**
 * What follows the RMCP header, in hexadecimal: every bit of it counts, but for the one byte that may follow an IPMI
 * 1.5 payload (legacy pad, v2.0§13.6).
 */
export function wireKey(datagram: Uint8Array): string {
  const isV15 = datagram[4] === authenticationType.md5;
  return toHex(isV15 ? datagram.subarray(4, 30 + (datagram[29] ?? 0)) : datagram.subarray(4));
}

/** A remote console in the siege, and what only it can have made. */
export class Player {
  readonly name: PlayerName;
  readonly userName: string;
  console: RemoteConsole;
  /** Its IPMI 1.5 session, beside the other. */
  v15: ConsoleV15;
  /** By `wireKey`. */
  readonly authentic = new Map<string, AuthenticPacket>();
  /** The codes of RAKP Message 3, in hexadecimal, that prove the right password. */
  readonly proofs = new Set<string>();
  readonly #settings: SiegeSettings;
  readonly #seed: number;
  #consoles = 0;
  #sequence = 0;

  constructor(name: PlayerName, settings: SiegeSettings) {
    this.name = name;
    this.userName = name === 'guesser' ? 'administrator' : name;
    this.#settings = settings;
    this.#seed = 10_000 * (1 + playerNames.indexOf(name));
    this.console = this.#newConsole('allowed');
    this.v15 = this.#newConsoleV15();
  }

  /** Whether its password is the right one, unless the users were replaced. */
  get isHonest(): boolean {
    return this.name !== 'guesser' && this.name !== 'nobody';
  }

  /** Begins anew: the next message is an Open Session Request. */
  renew(suite: SuiteChoice): void {
    this.console = this.#newConsole(suite);
    this.#sequence = 0;
  }

  /** Get Session Challenge: begins an IPMI 1.5 login anew. */
  challenge(): Uint8Array {
    this.v15 = this.#newConsoleV15();
    return this.v15.getSessionChallenge();
  }

  activate(level: PrivilegeLevel, tamper: StepOf<'activate'>['tamper'] = {}): Uint8Array {
    const datagram = this.v15.activateSession(level, tamper);
    // RMCP (4), authentication type, session sequence number and id (9), the code.
    if (this.isHonest) this.proofs.add(toHex(datagram.subarray(13, 29)));
    this.#remember(datagram, this.v15.sessionId, 0, datagram.subarray(30));
    return datagram;
  }

  /** Reads an answer; nothing that it does not wait for troubles it. */
  read(answer: Uint8Array): void {
    this.console.receive(answer);
    if (answer[4] === authenticationType.rmcpPlus) return;
    try {
      this.v15.receive(answer);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
    }
  }

  rakp3(tamper: StepOf<'rakp3'>['tamper'] = {}): Uint8Array {
    const datagram = this.console.rakpMessage3(tamper);
    // RMCP (4), session header (12), the fixed part of RAKP Message 3 (8).
    const code = toHex(datagram.subarray(24));
    // Empty with an algorithm that proves nothing.
    const isProof = this.isHonest && tamper.keyExchangeAuthenticationCode === undefined && code !== '';
    if (isProof) this.proofs.add(code);
    return datagram;
  }

  /** Set Session Privilege Level. */
  raise(level: PrivilegeLevel, envelope: Request['envelope'] = 'session'): Uint8Array {
    const data = setSessionPrivilegeLevel.request.encode({ privilegeLevel: privilegeLevel[level] });
    return this.request({
      ...{ netFn: netFn.app, command: setSessionPrivilegeLevel.code, data, toAddress: BMC_SLAVE_ADDRESS },
      ...{ toLun: 0, rqSeq: 0, sequence: 'next', payloadType: 'ipmiMessage', inside: [] },
      envelope,
    });
  }

  request(step: Request): Uint8Array {
    const whole = encodeIpmiMessage({
      toAddress: step.toAddress,
      netFn: step.netFn,
      toLun: step.toLun,
      fromAddress: REMOTE_CONSOLE_ADDRESS,
      rqSeq: step.rqSeq,
      fromLun: 0,
      command: step.command,
      data: step.data,
    });
    const payload = step.inside.length === 0 ? whole : withChecksums(mutate(whole, step.inside));
    if (step.envelope === 'session' && this.console.active) {
      const sessionSequenceNumber = this.#number(step.sequence);
      const datagram = this.console.seal({ payload, payloadType: step.payloadType, sessionSequenceNumber });
      this.#remember(datagram, this.console.managedSystemSessionId, sessionSequenceNumber, payload);
      return datagram;
    }
    if (step.envelope === 'v1.5 session' && this.v15.active) {
      const sessionSequenceNumber =
        step.sequence === 'next'
          ? this.v15.nextSequenceNumber++ >>> 0
          : (this.v15.nextSequenceNumber + step.sequence) >>> 0;
      const datagram = this.v15.seal({ payload, sessionSequenceNumber });
      this.#remember(datagram, this.v15.sessionId, sessionSequenceNumber, payload);
      return datagram;
    }
    const body =
      step.envelope === 'v1.5' || step.envelope === 'v1.5 session'
        ? encodeSessionlessPacketV15(payload)
        : encodeSessionlessPacketV20(step.payloadType, payload);
    return encodeRmcpPacket({ messageClass: 'ipmi', sequenceNumber: 0xff, body });
  }

  /** Undefined before there are keys. */
  crooked(step: StepOf<'crooked'>): Uint8Array | undefined {
    if (!this.console.active) return undefined;
    const { security, managedSystemSessionId: sessionId } = this.console;
    const sessionSequenceNumber = this.#number(step.sequence);
    const payload = step.encipher ? security.encrypt(step.payload, seededBytes(3)(16)) : step.payload;
    const { encrypted, authenticated } = step;
    const header = encodeSessionHeaderV20(
      { payloadType: 'ipmiMessage', encrypted, authenticated, sessionId, sessionSequenceNumber },
      payload.length,
    );
    const span = Buffer.concat([header, payload, step.trailer]);
    const body = Uint8Array.from(Buffer.concat([span, security.authCode(span)]));
    const datagram = encodeRmcpPacket({ messageClass: 'ipmi', sequenceNumber: 0xff, body });
    // A packet that has another protection than its session is never to be taken, whatever code it carries.
    if (encrypted === security.encrypts && authenticated === security.authenticates) {
      this.#remember(datagram, sessionId, sessionSequenceNumber, step.payload);
    }
    return datagram;
  }

  #remember(
    datagram: Uint8Array,
    sessionId: number,
    sessionSequenceNumber: number,
    message: Uint8Array,
  ): void {
    this.authentic.set(wireKey(datagram), {
      player: this,
      sessionId,
      sessionSequenceNumber,
      netFn: (message[1] ?? 0) >>> 2,
      command: message[5] ?? 0,
    });
  }

  get #password(): string {
    return this.isHonest ? shortPasswordOf(this.name) : 'a guess';
  }

  #newConsoleV15(): ConsoleV15 {
    return new ConsoleV15(this.userName, this.#password);
  }

  #number(sequence: number | 'next'): number {
    if (sequence !== 'next') return (this.#sequence + sequence) >>> 0;
    this.#sequence += 1;
    return this.#sequence;
  }

  #newConsole(suite: SuiteChoice): RemoteConsole {
    const cipherSuiteId = suite === 'allowed' ? (this.#settings.allowedCipherSuites[0] ?? 17) : suite;
    return newConsole({
      userName: this.userName,
      password: this.#password,
      cipherSuiteId,
      ...(this.#settings.twoKey ? { kg: kgOfSiege } : {}),
      randomBytes: seededBytes(this.#seed + ++this.#consoles),
    });
  }
}
