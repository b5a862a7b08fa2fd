import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import type { ConsoleAnswer } from '../console/console-answer.ts';
import { RemoteConsole } from '../console/remote-console.ts';
import { consoleTo, type RemoteBmc } from '../clients/console-to.ts';

/** `halfOpen`: goes away after the Open Session Response or after RAKP Message 2. `guess`: sends a wrong password. */
export type Attack = 'halfOpen' | 'guess';

export interface AttackReport {
  readonly attempts: number;
  readonly seconds: number;
  /** How often which answer was the last: `openSessionResponse`, `rakpMessage2`, or the status of a refusal. */
  readonly ends: Readonly<Record<string, number>>;
}

const ANSWER_DEADLINE_MS = 5_000;

/** 127.0.0.2 to 127.0.0.9. Linux has all of 127.0.0.0/8 without a word of configuration. */
export const attackersAddresses = Array.from({ length: 8 }, (_, index) => `127.0.0.${index + 2}`);

export interface AttackOptions {
  /** An address for each attacker, several at one address where it is named several times. Default: `attackersAddresses`. */
  readonly addresses?: readonly string[];
  /** The user name of each attempt, the administrator's where it gives none. */
  readonly userNameOf?: (attempt: number) => string | undefined;
  /** Whether each attempt comes from another port, as those of many clients do. */
  readonly freshPorts?: boolean;
}

/** So many attempts by these attackers in turn, one after another by each and all attackers at once. */
export async function attack(
  bmc: RemoteBmc,
  how: Attack,
  attempts: number,
  { addresses = attackersAddresses, userNameOf, freshPorts = false }: AttackOptions = {},
): Promise<AttackReport> {
  const ends: Record<string, number> = {};
  const startedAt = performance.now();
  let begun = 0;
  await Promise.all(
    addresses.map(async (address) => {
      let attacker = await Attacker.bind(bmc, address);
      try {
        while (begun < attempts) {
          const number = begun++;
          if (freshPorts && number > 0) {
            attacker.close();
            attacker = await Attacker.bind(bmc, address);
          }
          const end = await attacker.attempt(how, number, userNameOf?.(number));
          ends[end] = (ends[end] ?? 0) + 1;
        }
      } finally {
        attacker.close();
      }
    }),
  );
  return { attempts, seconds: (performance.now() - startedAt) / 1000, ends };
}

class Attacker {
  readonly #bmc: RemoteBmc;
  readonly #socket: Socket;

  private constructor(bmc: RemoteBmc, socket: Socket) {
    this.#bmc = bmc;
    this.#socket = socket;
  }

  static async bind(bmc: RemoteBmc, address: string): Promise<Attacker> {
    const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
    socket.bind(0, address);
    await once(socket, 'listening');
    socket.connect(bmc.port, bmc.address);
    await once(socket, 'connect');
    return new Attacker(bmc, socket);
  }

  /** Resolves with how it ended. A wrong password is what it knows; the name is the administrator's unless given. */
  async attempt(how: Attack, number: number, userName = this.#bmc.username): Promise<string> {
    const options = consoleTo(this.#bmc, { password: 'guess', userName });
    const console = new RemoteConsole({ ...options, randomBytes });
    const opened = await this.#exchange(console, console.openSessionRequest());
    if (opened.kind !== 'openSessionResponse' || (how === 'halfOpen' && number % 2 === 0))
      return endOf(opened);
    const challenged = await this.#exchange(console, console.rakpMessage1());
    if (challenged.kind !== 'rakpMessage2' || how === 'halfOpen') return endOf(challenged);
    return endOf(await this.#exchange(console, console.rakpMessage3()));
  }

  close(): void {
    this.#socket.close();
  }

  async #exchange(console: RemoteConsole, datagram: Uint8Array): Promise<ConsoleAnswer> {
    return new Promise((resolve, reject) => {
      const receive = (answer: Uint8Array): void => {
        const read = console.receive(answer);
        if (read.kind === 'ignored') return;
        stop();
        resolve(read);
      };
      const deadline = setTimeout(() => {
        stop();
        reject(new Error(`no answer to an attacker within ${ANSWER_DEADLINE_MS} ms`));
      }, ANSWER_DEADLINE_MS);
      const stop = (): void => {
        clearTimeout(deadline);
        this.#socket.off('message', receive);
      };
      this.#socket.on('message', receive);
      this.#socket.send(datagram);
    });
  }
}

function endOf(answer: ConsoleAnswer): string {
  return answer.kind === 'refusal' ? answer.refusal.status : answer.kind;
}
