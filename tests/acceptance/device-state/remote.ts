/** A client whose BMC may be killed at any moment: it knows of each request whether it was answered. */
import { setTimeout as sleep } from 'node:timers/promises';
import { completionCode, type Command } from '@vbmc/ipmi-codec';
import type { LabBmc } from '#lab/inventory-text.ts';
import { consoleTo } from '#support/clients/console-to.ts';
import { ConsoleFailure, UdpConsole, type Outcome } from '#support/console/udp-console.ts';

/** Longer than an answer takes on a busy machine, where the disk is waited for. */
const ANSWER_MS = 5_000;
/** Sooner than ipmitool, so that a round does not consist of waiting. */
const RETRANSMIT_MS = 250;

/** A session may ask 40 questions a second. */
const BUSY_MS = 50;

/** The request was not answered, and nobody knows whether it was carried out. */
export const UNANSWERED = 'no answer';

export class Remote {
  readonly #bmc: LabBmc;
  #session: UdpConsole | undefined;

  constructor(bmc: LabBmc) {
    this.#bmc = bmc;
  }

  /** Opens the session; resolves with whether that succeeded. A refusal is an error, which no kill excuses. */
  async open(): Promise<boolean> {
    this.#session = await logIn(this.#bmc, this.#bmc.username, this.#bmc.password);
    return this.#session !== undefined;
  }

  /** Without a session nothing is sent. */
  async ask<Request, Response>(
    command: Command<Request, Response>,
    request: NoInfer<Request>,
  ): Promise<Outcome<Response> | typeof UNANSWERED> {
    try {
      for (;;) {
        if (this.#session === undefined) return UNANSWERED;
        const outcome = await this.#session.request(command, request);
        // The session asks more than it may, and nothing was done: a client asks again.
        if (outcome.completionCode !== completionCode.nodeBusy) return outcome;
        await sleep(BUSY_MS);
      }
    } catch (error) {
      if (!(error instanceof ConsoleFailure) || !isExcused(error)) throw error;
      await this.abandon();
      return UNANSWERED;
    }
  }

  /** The same for who has no doubt that the BMC is well. */
  async tell<Request, Response>(
    command: Command<Request, Response>,
    request: NoInfer<Request>,
  ): Promise<Response> {
    const outcome = await this.ask(command, request);
    if (outcome === UNANSWERED) throw new Error(`${command.name} was not answered`);
    if (outcome.completionCode !== 0)
      throw new Error(`${command.name}: completion code ${hexCode(outcome.completionCode)}`);
    return outcome.value as Response;
  }

  /** Ends the session properly. */
  async close(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    await session?.close().catch(() => undefined);
  }

  async abandon(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    await session?.abandon();
  }
}

/** `undefined`: the BMC did not answer. A refusal throws. */
export async function logIn(
  bmc: LabBmc,
  username: string,
  password: string,
  privilegeLevel: 'user' | 'administrator' = 'administrator',
): Promise<UdpConsole | undefined> {
  const options = { privilegeLevel, retransmitAfterMs: RETRANSMIT_MS, deadlineMs: ANSWER_MS };
  try {
    return await UdpConsole.connect(consoleTo({ ...bmc, username, password }, options));
  } catch (error) {
    if (error instanceof ConsoleFailure && isExcused(error)) return undefined;
    throw error;
  }
}

/** A BMC that comes back in the middle of a handshake does not know the half that its predecessor has made. */
function isExcused({ kind, status }: ConsoleFailure): boolean {
  return kind === 'deadline' || kind === 'closed' || status === 'invalidSessionId';
}

export function hexCode(code: number): string {
  return `${code.toString(16)}h`;
}
