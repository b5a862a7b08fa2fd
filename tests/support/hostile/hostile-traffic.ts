import fc from 'fast-check';
import { encodeIpmiMessage, getDeviceId, netFn } from '@vbmc/ipmi-codec';
import { mutate, mutations, type Mutation } from './mutation.ts';
import { mutateInside, renumbered, withChecksums } from './mutate-inside.ts';
import type { LabBmc } from '#lab/inventory-text.ts';
import { allCommands } from '../all-commands.ts';
import { ConsoleV15 } from '../console/console-v1-5.ts';
import { UdpConsole } from '../console/udp-console.ts';
import { consoleTo } from '../clients/console-to.ts';
import { randomDatagram } from './random-datagrams.ts';
import { SeededRandom } from '../seeded-random.ts';

/** How many of the last genuine datagrams are there to be mutated. */
const REMEMBERED = 64;
/** Messages of logins, which stay. */
const LOGIN_MESSAGES = 6;
const MUTATIONS_AT_ONCE = 4_096;
/** A genuine request comes between so many hostile datagrams, so that there are fresh ones to mutate. */
const GENUINE_EVERY = 64;

/**
 * Hostile datagrams without end: noise behind ever more valid headers, mutations of what a live session sends, and
 * packets of a session of User level with right authentication codes around anything. The same for the same seed,
 * as far as session ids and keys allow.
 */
export class HostileTraffic {
  /** A session whose packets an attacker sees, and which goes on. */
  readonly #victim: UdpConsole;
  /** A session whose keys the attacker has: of User level, so that nothing it says may change anything. */
  #insider: UdpConsole;
  readonly #bmc: LabBmc;
  readonly #random: SeededRandom;
  readonly #recorded: Uint8Array[] = [];
  #mutations: (readonly Mutation[])[] = [];
  #made = 0;

  private constructor(bmc: LabBmc, seed: number, victim: UdpConsole, insider: UdpConsole) {
    this.#bmc = bmc;
    this.#random = new SeededRandom(seed);
    this.#victim = victim;
    this.#insider = insider;
    const v15 = new ConsoleV15(bmc.username, bmc.password);
    for (const datagram of [
      v15.getSessionChallenge(),
      v15.activateSession('user'),
      victim.console.presencePing(),
      victim.console.openSessionRequest(),
      victim.console.rakpMessage1(),
      victim.console.rakpMessage3(),
    ])
      this.#record(datagram);
  }

  static async start(bmc: LabBmc, seed: number): Promise<HostileTraffic> {
    return new HostileTraffic(bmc, seed, await UdpConsole.connect(consoleTo(bmc)), await insiderOf(bmc));
  }

  next(): Uint8Array {
    if (this.#made++ % GENUINE_EVERY === 0) this.#goOn();
    switch (this.#random.below(4)) {
      case 0:
        return randomDatagram(this.#random);
      case 1:
        return this.#sealed();
      default:
        return this.#mutated();
    }
  }

  /** Checks that the eavesdropped session is still served. Opens it again if the insider has closed it. */
  async check(): Promise<void> {
    const { completionCode } = await this.#victim.request(getDeviceId, undefined);
    if (completionCode !== 0) throw new Error(`the eavesdropped session got ${completionCode}`);
    try {
      await this.#insider.request(getDeviceId, undefined);
    } catch {
      await this.#insider.abandon();
      this.#insider = await insiderOf(this.#bmc);
    }
  }

  async stop(): Promise<void> {
    await this.#victim.close();
    await this.#insider.close().catch(() => undefined);
  }

  #goOn(): void {
    const request = this.#victim.console.request(getDeviceId, undefined);
    this.#victim.send(request);
    this.#record(request);
  }

  #record(datagram: Uint8Array): void {
    this.#recorded.push(datagram);
    if (this.#recorded.length > REMEMBERED) this.#recorded.splice(LOGIN_MESSAGES, 1);
  }

  #mutated(): Uint8Array {
    const random = this.#random;
    const genuine = this.#recorded[random.below(this.#recorded.length)] ?? new Uint8Array(0);
    const moved = random.below(3) === 0 ? renumbered(genuine, random.below(41) - 20) : genuine;
    return random.below(2) === 0 ? mutate(moved, this.#how()) : mutateInside(moved, this.#how());
  }

  #sealed(): Uint8Array {
    const random = this.#random;
    const command = allCommands[random.below(allCommands.length)];
    const message = encodeIpmiMessage({
      toAddress: random.below(8) === 0 ? random.below(256) : 0x20,
      netFn: command === undefined || random.below(8) === 0 ? random.below(64) : netFn[command.netFn],
      toLun: random.below(8) === 0 ? random.below(4) : 0,
      fromAddress: 0x81,
      rqSeq: random.below(64),
      fromLun: 0,
      command: command?.code ?? random.below(256),
      data: random.bytes(random.below(24)),
    });
    const payload = random.below(2) === 0 ? message : withChecksums(mutate(message, this.#how()));
    return this.#insider.console.seal({ payload });
  }

  #how(): readonly Mutation[] {
    if (this.#mutations.length === 0) {
      const seed = this.#random.below(2 ** 31);
      this.#mutations = fc.sample(mutations, { numRuns: MUTATIONS_AT_ONCE, seed });
    }
    return this.#mutations.pop() ?? [];
  }
}

function insiderOf(bmc: LabBmc): Promise<UdpConsole> {
  return UdpConsole.connect(consoleTo(bmc, { privilegeLevel: 'user', deadlineMs: 2_500 }));
}
