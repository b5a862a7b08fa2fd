/**
 * When a console that has ended is opened again, for a client that still wants it. Pure: time is an argument, in milliseconds from
 * any start.
 *
 * An event brings it back at once: the start of the domain, or libvirt's return. Asking libvirt each second would cost a process
 * each time, and would miss the firmware's first lines all the same. So the pauses between attempts of its own grow.
 */
import type { ConsoleEnd } from './console-stream.ts';

/** Between two attempts at least, also if a domain starts and ends all the time. */
const LEAST_PAUSE_MS = 250;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

/** A console that has been open this long was a success; the pauses begin anew. */
const STEADY_MS = 10_000;

/** The domain watch may have missed a start, and whoever has the console may have let it go. */
const SLOW_PAUSE_MS = 60_000;

/** libvirt tells of a start a little before it lets anybody open the console. */
const JUST_STARTED_MS = 3_000;

/** What follows an end if no event comes: soon, in growing pauses; slowly; or nothing. */
const paceByEnd: Readonly<Record<ConsoleEnd, 'growing' | 'slow' | 'never'>> = {
  domainOff: 'slow',
  // The next start may bring another definition.
  noConsole: 'never',
  // Whoever took it is not to lose it again: attempts use no force.
  taken: 'slow',
  stolen: 'slow',
  denied: 'slow',
  libvirtGone: 'growing',
  failed: 'growing',
  closed: 'never',
};

/** Whose news open a console again that has ended so. */
const broughtBackByStart: ReadonlySet<ConsoleEnd> = new Set<ConsoleEnd>([
  'domainOff',
  'noConsole',
  'taken',
  'stolen',
  'denied',
  'libvirtGone',
  'failed',
]);
const broughtBackByLibvirt: ReadonlySet<ConsoleEnd> = new Set<ConsoleEnd>([
  'libvirtGone',
  'failed',
  'taken',
  'stolen',
]);

export class ReattachPolicy {
  /** Undefined while the console is open or being opened. */
  #end: ConsoleEnd | undefined;
  #begun = -Infinity;
  #opened: number | undefined;
  #started = -Infinity;
  #startedSinceBegun = false;
  #pauseMs = FIRST_PAUSE_MS;
  #dueAt: number | undefined;

  /** When the next attempt is due; undefined: an event or nothing brings the next one. */
  get dueAt(): number | undefined {
    return this.#dueAt;
  }

  /** An attempt has begun. */
  begin(now: number): void {
    this.#end = undefined;
    this.#begun = now;
    this.#opened = undefined;
    this.#startedSinceBegun = false;
    this.#dueAt = undefined;
  }

  opened(now: number): void {
    this.#opened = now;
  }

  ended(end: ConsoleEnd, now: number): void {
    this.#end = end;
    if (this.#opened !== undefined && now - this.#opened >= STEADY_MS) this.#pauseMs = FIRST_PAUSE_MS;
    const pace = paceByEnd[end];
    const hasStarted = broughtBackByStart.has(end);
    // The domain has stopped and started again before virsh noticed.
    if (hasStarted && this.#startedSinceBegun && this.#opened !== undefined) this.#attemptSoon(now);
    else if (pace === 'growing' || (hasStarted && now - this.#started < JUST_STARTED_MS))
      this.#attemptLater(now);
    else this.#dueAt = pace === 'slow' ? now + SLOW_PAUSE_MS : undefined;
  }

  /** The domain watch has reported that the domain was started. */
  domainStarted(now: number): void {
    this.#started = now;
    this.#startedSinceBegun = true;
    if (this.#end !== undefined && broughtBackByStart.has(this.#end)) this.#attemptSoon(now);
  }

  /** The domain watch has libvirt again. */
  libvirtReturned(now: number): void {
    if (this.#end !== undefined && broughtBackByLibvirt.has(this.#end)) this.#attemptSoon(now);
  }

  #attemptSoon(now: number): void {
    this.#dueAt = Math.max(now, this.#begun + LEAST_PAUSE_MS);
  }

  #attemptLater(now: number): void {
    this.#dueAt = now + this.#pauseMs;
    this.#pauseMs = Math.min(LONGEST_PAUSE_MS, this.#pauseMs * 2);
  }
}
