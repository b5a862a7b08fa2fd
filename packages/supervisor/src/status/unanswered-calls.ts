/** About one BMC's domain: which calls of `virsh` libvirt has not answered. */
import { printable } from '../text/printable.ts';
import type { Clock } from '../host/clock.ts';

/** A year: a worker may report anything, and the instant has to be a valid date. */
const LONGEST_MS = 31_536_000_000;

/** For `vbmc list` and `vbmc show`. */
export interface UnansweredCall {
  /** Of the oldest: ISO 8601 in UTC. */
  readonly since: string;
  /** The verb of the oldest; `null` when the domain watch or another BMC's worker waits. */
  readonly call: string | null;
}

interface Waiting {
  readonly sinceMs: number;
  readonly since: string;
}

interface WaitingWorker extends Waiting {
  readonly verb: string;
  readonly calls: number;
}

export class UnansweredCalls {
  readonly #clock: Pick<Clock, 'now' | 'date'>;
  #ofWorker: WaitingWorker | undefined;
  #ofOthers: Waiting | undefined;

  constructor(clock: Pick<Clock, 'now' | 'date'>) {
    this.#clock = clock;
  }

  /** How many calls of this BMC's worker libvirt owes an answer. */
  get calls(): number {
    return this.#ofWorker?.calls ?? 0;
  }

  /** The oldest; `null` if libvirt owes no answer. */
  describe(): UnansweredCall | null {
    const [own, others] = [this.#ofWorker, this.#ofOthers];
    if (own !== undefined && (others === undefined || own.sinceMs <= others.sinceMs))
      return { since: own.since, call: printable(own.verb, 40) };
    return others === undefined ? null : { since: others.since, call: null };
  }

  /** `calls` of the worker wait; `verb` and `forMs` are of the oldest. Without `verb` none does. */
  noteWorker({
    verb,
    forMs,
    calls,
  }: {
    readonly verb?: string;
    readonly forMs: number;
    readonly calls: number;
  }): void {
    this.#ofWorker = verb === undefined ? undefined : { ...this.#waiting(forMs), verb, calls };
  }

  /** The domain watch says how long libvirt has not answered somebody; `undefined`: it answers. */
  noteWatch(forMs: number | undefined): void {
    this.#ofOthers = forMs === undefined ? undefined : this.#waiting(forMs);
  }

  /** The worker has gone, and with it its calls. */
  forget(): void {
    this.#ofWorker = undefined;
    this.#ofOthers = undefined;
  }

  #waiting(forMs: number): Waiting {
    const ms = Math.min(forMs, LONGEST_MS);
    return {
      sinceMs: this.#clock.now() - ms,
      since: new Date(this.#clock.date().getTime() - ms).toISOString(),
    };
  }
}
