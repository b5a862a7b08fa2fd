import {
  bmcSlaveAddress,
  encodeIpmiMessage,
  encodeRmcpPacket,
  encodeSessionHeaderV20,
  encodeSessionlessPacketV20,
  encodeSessionlessPacketV15,
  netFn,
  privilegeLevel,
  remoteConsoleAddress,
  setSessionPrivilegeLevel,
  type PrivilegeLevel,
} from '@vbmc/ipmi-codec';
import { newConsole } from '../bmc-worker/core/console-of-bmc.ts';
import { seededBytes } from '../bmc-worker/core/seeded-bytes.ts';
import { passwordOf } from '../bmc-worker/core/simulated-bmc.ts';
import { toHex } from '../support/hex.ts';
import type { RemoteConsole } from '../support/remote-console.ts';
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

/** A remote console in the siege, and what only it can have made. */
export class Player {
  readonly name: PlayerName;
  readonly userName: string;
  console: RemoteConsole;
  /** By what follows the RMCP header, in hexadecimal: every bit of it counts. */
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

  rakp3(tamper: StepOf<'rakp3'>['tamper'] = {}): Uint8Array {
    const datagram = this.console.rakpMessage3(tamper);
    // RMCP (4), session header (12), the fixed part of RAKP Message 3 (8).
    const code = toHex(datagram.subarray(24));
    if (this.isHonest && tamper.keyExchangeAuthenticationCode === undefined) this.proofs.add(code);
    return datagram;
  }

  /** Set Session Privilege Level. */
  raise(level: PrivilegeLevel): Uint8Array {
    const data = setSessionPrivilegeLevel.request.encode({ privilegeLevel: privilegeLevel[level] });
    return this.request({
      ...{ netFn: netFn.app, command: setSessionPrivilegeLevel.code, data, toAddress: bmcSlaveAddress },
      ...{
        toLun: 0,
        rqSeq: 0,
        sequence: 'next',
        payloadType: 'ipmiMessage',
        inside: [],
        envelope: 'session',
      },
    });
  }

  request(step: Request): Uint8Array {
    const whole = encodeIpmiMessage({
      toAddress: step.toAddress,
      netFn: step.netFn,
      toLun: step.toLun,
      fromAddress: remoteConsoleAddress,
      rqSeq: step.rqSeq,
      fromLun: 0,
      command: step.command,
      data: step.data,
    });
    const payload = step.inside.length === 0 ? whole : withChecksums(mutate(whole, step.inside));
    if (step.envelope === 'session' && this.console.active) {
      const sessionSequenceNumber = this.#number(step.sequence);
      const datagram = this.console.seal({ payload, payloadType: step.payloadType, sessionSequenceNumber });
      this.#remember(datagram, sessionSequenceNumber, payload);
      return datagram;
    }
    const body =
      step.envelope === 'v1.5'
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
      this.#remember(datagram, sessionSequenceNumber, step.payload);
    }
    return datagram;
  }

  #remember(datagram: Uint8Array, sessionSequenceNumber: number, message: Uint8Array): void {
    this.authentic.set(toHex(datagram.subarray(4)), {
      player: this,
      sessionId: this.console.managedSystemSessionId,
      sessionSequenceNumber,
      netFn: (message[1] ?? 0) >>> 2,
      command: message[5] ?? 0,
    });
  }

  #number(sequence: number | 'next'): number {
    if (sequence !== 'next') return (this.#sequence + sequence) >>> 0;
    this.#sequence++;
    return this.#sequence;
  }

  #newConsole(suite: SuiteChoice): RemoteConsole {
    const cipherSuiteId = suite === 'allowed' ? (this.#settings.allowedCipherSuites[0] ?? 17) : suite;
    return newConsole({
      userName: this.userName,
      password: this.isHonest ? passwordOf(this.name) : 'a guess',
      cipherSuiteId,
      ...(this.#settings.twoKey ? { kg: kgOfSiege } : {}),
      randomBytes: seededBytes(this.#seed + ++this.#consoles),
    });
  }
}
