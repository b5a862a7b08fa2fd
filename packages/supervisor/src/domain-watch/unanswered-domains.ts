/** The domains of one connection about which libvirt owes an answer, to the domain watch or to a worker. */
import { printable } from '../text/printable.ts';
import type { Clock } from '../host/clock.ts';
import type { EventKind } from '../log/event-kinds.ts';
import type { Log } from '../log/log.ts';

/** Who waits for an answer. */
type Asker = object;

export class UnansweredDomains {
  readonly #connectionUri: string;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #changed: (domainName: string, asker: Asker) => void;
  /** By domain, since when each asker waits. */
  readonly #waiting = new Map<string, Map<Asker, number>>();

  /** `changed`: libvirt has stopped answering about a domain, or answers again; `asker` was the first or last to wait. */
  constructor(
    connectionUri: string,
    { clock, log }: { readonly clock: Clock; readonly log: Log },
    changed: (domainName: string, asker: Asker) => void,
  ) {
    this.#connectionUri = printable(connectionUri);
    this.#clock = clock;
    this.#log = log;
    this.#changed = changed;
  }

  get size(): number {
    return this.#waiting.size;
  }

  get domainNames(): readonly string[] {
    return [...this.#waiting.keys()];
  }

  get isEmpty(): boolean {
    return this.#waiting.size === 0;
  }

  has(domainName: string): boolean {
    return this.#waiting.has(domainName);
  }

  /** How long libvirt has not answered about the domain; undefined if it does. */
  forMs(domainName: string): number | undefined {
    const waiting = this.#waiting.get(domainName);
    return waiting && this.#clock.now() - Math.min(...waiting.values());
  }

  /** `asker` has asked `forMs` ago, and has no answer. */
  owe(domainName: string, asker: Asker, question: string, forMs: number): void {
    const waiting = this.#waiting.get(domainName) ?? new Map<Asker, number>();
    if (!waiting.has(asker)) waiting.set(asker, this.#clock.now() - forMs);
    if (this.#waiting.has(domainName)) return;
    this.#waiting.set(domainName, waiting);
    const what = `libvirt does not answer about domain ${printable(domainName)}: \`virsh ${printable(question, 30)}\` waits for ${seconds(forMs)} s`;
    const consequence = 'its BMC answers with time-outs and asks nothing more until then; see operate.md';
    this.#log('warn', `${what} (${consequence})`, this.#fields('domainUnanswered', domainName));
    this.#changed(domainName, asker);
  }

  /** `asker` has its answer, or does not wait any longer. */
  settle(domainName: string, asker: Asker): void {
    const what = `libvirt answers about domain ${printable(domainName)} again, after`;
    this.#leave(domainName, asker, { event: 'domainAnswersAgain', what });
  }

  /** `asker` still waits, or says so. That counts no longer. */
  expire(domainName: string, asker: Asker): void {
    const what = `the domain watch asks for domain ${printable(domainName)}, whose worker has waited for`;
    this.#leave(domainName, asker, { event: 'domainAskedAgain', what });
  }

  #leave(domainName: string, asker: Asker, { event, what }: { event: EventKind; what: string }): void {
    const waiting = this.#waiting.get(domainName);
    const forMs = this.forMs(domainName) ?? 0;
    if (waiting?.delete(asker) !== true || waiting.size > 0) return;
    this.#waiting.delete(domainName);
    const fields = { ...this.#fields(event, domainName), durationMs: Math.round(forMs) };
    this.#log('info', `${what} ${seconds(forMs)} s`, fields);
    this.#changed(domainName, asker);
  }

  #fields(event: EventKind, domainName: string) {
    return { event, connectionUri: this.#connectionUri, domain: printable(domainName) };
  }
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(0);
}
