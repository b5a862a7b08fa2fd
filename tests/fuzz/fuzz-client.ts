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
import { seededBytes } from '#support/seeded-random.ts';
import { ConsoleV15 } from '#support/console/console-v1-5.ts';
import { toHex } from '#support/hex.ts';
import type { RemoteConsole } from '#support/console/remote-console.ts';
import { mutate } from '#support/hostile/mutation.ts';
import { withChecksums } from '#support/hostile/mutate-inside.ts';
import { scenarioKg } from './scenario-users.ts';
import {
  clientNames,
  type ClientName,
  type ScenarioSettings,
  type StepOf,
  type SuiteChoice,
} from './scenario-step.ts';

/** A packet that was made with a session's keys. No other packet may have an effect inside that session. */
export interface AuthenticPacket {
  readonly client: FuzzClient;
  readonly sessionId: number;
  readonly sessionSequenceNumber: number;
  /** Network function and command of its message; 0 if the message is too short to have them. */
  readonly netFn: number;
  readonly command: number;
}

type Request = Omit<StepOf<'request'>, 'kind' | 'client' | 'source' | 'outside'>;

/**
 * Identifies a packet: the bytes after the RMCP header, in hexadecimal, without the one byte that may follow an IPMI
 * 1.5 payload (legacy pad, v2.0§13.6).
 */
export function wireKey(datagram: Uint8Array): string {
  const isV15 = datagram[4] === authenticationType.md5;
  return toHex(isV15 ? datagram.subarray(4, 30 + (datagram[29] ?? 0)) : datagram.subarray(4));
}

/** A remote console of the scenario, and the packets and codes that only it can have made. */
export class FuzzClient {
  readonly name: ClientName;
  readonly userName: string;
  console: RemoteConsole;
  /** A second session, by IPMI 1.5. */
  v15: ConsoleV15;
  /** By `wireKey`. */
  readonly authentic = new Map<string, AuthenticPacket>();
  /** The codes, in hexadecimal, with which this client proved the right password. */
  readonly proofs = new Set<string>();
  readonly #settings: ScenarioSettings;
  readonly #seed: number;
  #consoles = 0;
  #sequence = 0;

  constructor(name: ClientName, settings: ScenarioSettings) {
    this.name = name;
    this.userName = name === 'guesser' ? 'administrator' : name;
    this.#settings = settings;
    this.#seed = 10_000 * (1 + clientNames.indexOf(name));
    this.console = this.#newConsole('allowed');
    this.v15 = this.#newConsoleV15();
  }

  /** Whether its password is right, unless a reload replaced the users. */
  get hasPassword(): boolean {
    return this.name !== 'guesser' && this.name !== 'unknownUser';
  }

  /** Starts over: the next message is an Open Session Request. */
  restart(suite: SuiteChoice): void {
    this.console = this.#newConsole(suite);
    this.#sequence = 0;
  }

  /** Get Session Challenge: starts another IPMI 1.5 login. */
  challenge(): Uint8Array {
    this.v15 = this.#newConsoleV15();
    return this.v15.getSessionChallenge();
  }

  activate(level: PrivilegeLevel, tamper: StepOf<'activate'>['tamper'] = {}): Uint8Array {
    const datagram = this.v15.activateSession(level, tamper);
    // RMCP (4), authentication type, session sequence number and id (9), the code.
    if (this.hasPassword) this.proofs.add(toHex(datagram.subarray(13, 29)));
    this.#remember(datagram, this.v15.sessionId, 0, datagram.subarray(30));
    return datagram;
  }

  /** Reads an answer; ignores what it does not wait for. */
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
    // Empty with RAKP-none, which proves nothing.
    const isProof = this.hasPassword && tamper.keyExchangeAuthenticationCode === undefined && code !== '';
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

  /** A malformed packet with a right authentication code; undefined while the session has no keys. */
  sealMalformed(step: StepOf<'sealedMalformed'>): Uint8Array | undefined {
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
    // The BMC must never accept a packet with another protection than its session's, whatever code it carries.
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
      client: this,
      sessionId,
      sessionSequenceNumber,
      netFn: (message[1] ?? 0) >>> 2,
      command: message[5] ?? 0,
    });
  }

  get #password(): string {
    return this.hasPassword ? shortPasswordOf(this.name) : 'a guess';
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
      ...(this.#settings.twoKey ? { kg: scenarioKg } : {}),
      randomBytes: seededBytes(this.#seed + ++this.#consoles),
    });
  }
}
