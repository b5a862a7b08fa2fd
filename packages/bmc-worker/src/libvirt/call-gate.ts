/**
 * Decides when a call of `virsh` about one domain may start. A virsh that is killed does not cancel libvirtd's work, so each
 * call that is given up and repeated keeps another of libvirtd's few workers (20 by default) waiting for the same domain,
 * until libvirtd answers nobody any more. Hence: one call at a time, and none while libvirtd owes an answer. A `destroy` has
 * a lane of its own, so that a power off gets through. A `define` that is owed waits for another domain: libvirt changes its list of
 * domains when nobody waits for a domain of it. So it keeps back the next `define` only.
 *
 * A `start` may take minutes while libvirt answers about the domain, or may hang. A question about this domain alone would then keep
 * every `define` waiting, of whatever domain. So beside a `start` that takes long one `domstats` may run, which asks about all domains
 * and keeps no `define` waiting. It may have to wait for any of them, and so keeps back the next `domstats` only. Pure.
 */

/** How long a `start` has run before its domain is asked for with all others: most starts have ended, and such a question waits for any. */
export const LONG_START_MS = 2_000;

/** A call that has run past its deadline, or was called off, and that libvirt has not answered yet. */
export interface UnansweredCall {
  readonly verb: string;
  /** When it was started. */
  readonly since: number;
}

export interface GateListener {
  /** The calls that are owed an answer have changed; the oldest first. */
  changed(unanswered: readonly UnansweredCall[]): void;
  /** A `start` is about to begin, or has ended. */
  startChanged?(isUnderWay: boolean): void;
}

/** A call that has been let through. */
export interface GatePass {
  /** The caller does not wait any longer, or has waited long; libvirt still owes the answer. */
  owed(): void;
  /** libvirt has answered, or the connection has ended. */
  ended(): void;
  /**
   * libvirt has destroyed the domain: it answers about it, so an older call that is still owed hangs elsewhere, in `virsh`
   * or its connection. It keeps nothing back any more, and its virsh is killed. A `start`, a `define` and a question about all
   * domains are left to their ends.
   * What another process waits for keeps nothing back either.
   */
  destroyed(): void;
}

/** What keeps a call back. Without `verb`: libvirt owes another process an answer about the domain. */
export interface Obstacle {
  readonly verb?: string;
  readonly since: number;
  /** Its caller waits no longer, so nobody knows when it will end. */
  readonly isOwed: boolean;
}

interface Outstanding extends UnansweredCall {
  isOwed: boolean;
  readonly kill: () => void;
}

type Lane = 'ordinary' | 'destroy' | 'allDomains' | 'definition';

const laneByVerb: Readonly<Record<string, Lane>> = {
  destroy: 'destroy',
  domstats: 'allDomains',
  define: 'definition',
};

/** The others wait for another domain, or have to be followed by something. */
const leftToTheirEnds: ReadonlySet<string> = new Set(['start', 'define', 'domstats']);

function laneOf(verb: string): Lane {
  return Object.hasOwn(laneByVerb, verb) ? (laneByVerb[verb] ?? 'ordinary') : 'ordinary';
}

export class CallGate {
  readonly #calls = new Map<Lane, Outstanding>();
  readonly #listener: GateListener | undefined;
  #wakers: (() => void)[] = [];
  #heldSince: number | undefined;
  #allDomainsAreOwed = false;

  constructor(listener?: GateListener) {
    this.#listener = listener;
  }

  /** The calls that libvirt owes an answer, the oldest first; one about all domains, which may wait for another, is the last. */
  get unanswered(): readonly UnansweredCall[] {
    const isOfAll = ({ verb }: UnansweredCall): number => Number(laneOf(verb) === 'allDomains');
    const owed = [...this.#calls.values()].filter(({ isOwed }) => isOwed);
    return owed.sort((a, b) => isOfAll(a) - isOfAll(b) || a.since - b.since);
  }

  /** From when on a question about all domains may take the place of one about this domain; undefined: it may not. */
  get mayAskAllFrom(): number | undefined {
    const start = this.#calls.get('ordinary');
    const isHopeless = this.#allDomainsAreOwed || this.#heldSince !== undefined;
    if (start?.verb !== 'start' || isHopeless || this.#calls.has('allDomains')) return undefined;
    return this.#calls.get('destroy')?.isOwed === true ? undefined : start.since + LONG_START_MS;
  }

  /** Whether libvirt owes somebody an answer about all domains, or about one of them: another such question would wait, too. */
  noteAllDomains(areOwed: boolean): void {
    this.#allDomainsAreOwed = areOwed;
    this.#wake();
  }

  /** Lets no further ordinary call through: libvirt owes another process an answer about this domain. */
  hold(since: number): void {
    this.#heldSince ??= since;
    this.#wake();
  }

  /** libvirt owes no other process an answer. */
  release(): void {
    this.#heldSince = undefined;
    this.#wake();
  }

  /** What keeps back a call with this verb; undefined if it may start. */
  obstacle(verb: string): Obstacle | undefined {
    const lane = laneOf(verb);
    if (lane === 'destroy') return this.#calls.get(lane);
    const definition = this.#calls.get('definition');
    if (definition !== undefined && (lane === 'definition' || !definition.isOwed)) return definition;
    const ordinary = this.#calls.get('ordinary');
    // Its answer is worth waiting for: the start may take longer.
    const ofAll =
      ordinary?.verb === 'start' && verb === 'domstate' ? this.#calls.get('allDomains') : undefined;
    const call = ofAll ?? ordinary;
    if (call !== undefined) return call;
    const destroy = this.#calls.get('destroy');
    if (destroy?.isOwed === true) return destroy;
    if (this.#heldSince === undefined) return undefined;
    return { since: this.#heldSince, isOwed: true };
  }

  /** Notes that a call starts, which no obstacle keeps back. `kill` ends its virsh. */
  enter(verb: string, now: number, kill: () => void = () => undefined): GatePass {
    const lane = laneOf(verb);
    const call: Outstanding = { verb, since: now, isOwed: false, kill };
    this.#calls.set(lane, call);
    if (verb === 'start') this.#listener?.startChanged?.(true);
    return {
      owed: () => {
        if (call.isOwed || this.#calls.get(lane) !== call) return;
        call.isOwed = true;
        this.#change();
      },
      ended: () => {
        if (this.#calls.get(lane) !== call) return;
        this.#calls.delete(lane);
        if (verb === 'start') this.#listener?.startChanged?.(false);
        if (call.isOwed) this.#change();
        else this.#wake();
      },
      destroyed: () => {
        const older = [...this.#calls].filter(
          ([, one]) => one.isOwed && !leftToTheirEnds.has(one.verb) && one !== call,
        );
        for (const [lane, { kill: end }] of older) {
          this.#calls.delete(lane);
          end();
        }
        this.#heldSince = undefined;
        if (older.length > 0) this.#change();
        else this.#wake();
      },
    };
  }

  /** Calls `wake` once, when something has changed. The returned function withdraws that. */
  onChange(wake: () => void): () => void {
    this.#wakers.push(wake);
    return () => {
      this.#wakers = this.#wakers.filter((one) => one !== wake);
    };
  }

  #change(): void {
    this.#listener?.changed(this.unanswered);
    this.#wake();
  }

  #wake(): void {
    const wakers = this.#wakers;
    this.#wakers = [];
    for (const wake of wakers) wake();
  }
}
