/**
 * The BMCs of one connection to which libvirt owes an answer to `virsh define`. It changes no definition, of whatever domain, while
 * anybody waits for an answer about some domain.
 */
import type { Clock } from '../host/clock.ts';
import type { EventKind } from '../log/event-kinds.ts';
import type { Log } from '../log/log.ts';
import { printable } from '../text/printable.ts';

interface Bmc {
  readonly domainName: string;
}

export class OwedDefinitions {
  readonly #connectionUri: string;
  readonly #clock: Clock;
  readonly #log: Log;
  /** The domains about which libvirt does not answer. */
  readonly #unanswered: () => readonly string[];
  /** By BMC, since when. */
  readonly #waiting = new Map<Bmc, number>();

  constructor(
    connectionUri: string,
    { clock, log }: { readonly clock: Clock; readonly log: Log },
    unanswered: () => readonly string[],
  ) {
    this.#connectionUri = printable(connectionUri);
    this.#clock = clock;
    this.#log = log;
    this.#unanswered = unanswered;
  }

  /** The oldest call that libvirt owes the worker of `bmc`; undefined: it owes none, or the worker has gone. */
  note(bmc: Bmc, call: { readonly verb: string; readonly forMs: number } | undefined): void {
    if (call?.verb !== 'define') this.#settle(bmc);
    else if (!this.#waiting.has(bmc)) this.#owe(bmc, call.forMs);
  }

  #owe(bmc: Bmc, forMs: number): void {
    this.#waiting.set(bmc, this.#clock.now() - forMs);
    const names = this.#unanswered().filter((name) => name !== bmc.domainName);
    const about =
      names.length === 0 ? 'some domain' : `domain ${names.map((name) => printable(name)).join(', ')}`;
    const what = `libvirt does not answer \`virsh define\` for domain ${printable(bmc.domainName)}`;
    const why = `it changes no definition while it owes an answer about ${about}`;
    const consequence = 'boot devices have to wait, and power commands have not; see operate.md';
    this.#log('warn', `${what}: ${why} (${consequence})`, this.#fields('defineUnanswered', bmc));
  }

  #settle(bmc: Bmc): void {
    const since = this.#waiting.get(bmc);
    if (since === undefined) return;
    this.#waiting.delete(bmc);
    const durationMs = Math.round(this.#clock.now() - since);
    const what = `\`virsh define\` for domain ${printable(bmc.domainName)} waits no longer, after ${(durationMs / 1000).toFixed(0)} s`;
    this.#log('info', what, { ...this.#fields('defineAnswered', bmc), durationMs });
  }

  #fields(event: EventKind, { domainName }: Bmc) {
    return { event, connectionUri: this.#connectionUri, domain: printable(domainName) };
  }
}
