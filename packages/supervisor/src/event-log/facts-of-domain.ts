/** From what libvirt reports of one domain to the facts of its event log: each fact once. Pure. */
import type { VirshEvent, VirshIncident } from '@vbmc/bmc-worker/libvirt';
import type { DomainEnd, DomainState, LogFact, LoggedPower, StartCause } from '@vbmc/bmc-worker/ipc';
import { endOfStop } from '../domain-watch/domain-facts.ts';

/** libvirt reports one reset of a pc machine three times, and another one if the BMC repeats it for a boot device. */
const SAME_RESET_MS = 2_000;
/** libvirt's answer to a start and its event come by different ways: the event this much later at most. */
const LATE_EVENT_MS = 5_000;

/** libvirt answers a reset sooner, or does not any more. The report of that may be lost with what sends it. */
const LONGEST_RESET_MS = 60_000;

type LifecycleEvent = Extract<VirshEvent, { kind: 'lifecycle' }>;

/** The sensor of the power state reads the same of each end. */
const powerAfterEnd: Readonly<Record<DomainEnd, LoggedPower>> = {
  shutdown: 'softOff',
  destroyed: 'forcedOff',
  crashed: 'forcedOff',
  failed: 'forcedOff',
  saved: 'suspendedToDisk',
  other: 'softOff',
};

/** Whether the domain is on, asleep or off in each state; `undefined`: that is no news of its power. */
const powerOfState: Readonly<Record<DomainState, 'on' | 'asleep' | 'off' | undefined>> = {
  noState: undefined,
  running: 'on',
  idle: 'on',
  paused: 'on',
  inShutdown: 'on',
  shutOff: 'off',
  crashed: 'on',
  pmsuspended: 'asleep',
  migratedAway: undefined,
  startingUp: undefined,
  ioError: 'on',
  heldForJob: 'on',
  migrating: undefined,
};

const kindOfPower: Readonly<Record<LoggedPower, 'on' | 'asleep' | 'off'>> = {
  working: 'on',
  suspendedToRam: 'asleep',
  suspendedToDisk: 'off',
  softOff: 'off',
  forcedOff: 'off',
};
const powerOfKind = { on: 'working', asleep: 'suspendedToRam' } as const;

export class FactsOfDomain {
  /** The power that was last recorded. */
  #power: LoggedPower | undefined;
  #hasDiskFault = false;
  /** Whether the guest has panicked since it last booted. */
  #hasPanicked: boolean;
  #lastResetAtMs = -Infinity;
  /** Why the BMC resets the domain, and until when a reset counts as that one. */
  #ownReset: { readonly cause: StartCause; readonly untilMs: number } | undefined;
  /** Why the BMC starts the domain, and until when a start counts as that one. */
  #ownStart: { readonly cause: StartCause; readonly untilMs: number } | undefined;
  #startCause: StartCause = 'unknown';

  /** As an earlier vbmcd has recorded it last. */
  constructor(power: LoggedPower | undefined, hasPanicked = false) {
    this.#power = power;
    this.#hasPanicked = hasPanicked;
  }

  get power(): LoggedPower | undefined {
    return this.#power;
  }

  get isOn(): boolean {
    return this.#power !== undefined && kindOfPower[this.#power] === 'on';
  }

  get startCause(): StartCause {
    return this.#startCause;
  }

  /** The BMC is about to have libvirt start the domain; `undefined`: libvirt has answered. */
  noteOwnStart(cause: StartCause | undefined, nowMs: number): void {
    if (cause !== undefined) this.#ownStart = { cause, untilMs: Infinity };
    else if (this.#ownStart?.untilMs === Infinity)
      this.#ownStart = { ...this.#ownStart, untilMs: nowMs + LATE_EVENT_MS };
  }

  /** The BMC is about to have libvirt reset the domain; `undefined`: libvirt has answered. */
  noteOwnReset(cause: StartCause | undefined, nowMs: number): void {
    if (cause !== undefined) this.#ownReset = { cause, untilMs: nowMs + LONGEST_RESET_MS };
    else if (this.#ownReset !== undefined && this.#ownReset.untilMs > nowMs)
      this.#ownReset = { ...this.#ownReset, untilMs: nowMs + SAME_RESET_MS };
  }

  takeEvent(event: VirshEvent, nowMs: number): readonly LogFact[] {
    return event.kind === 'reboot' ? this.#reset(nowMs) : this.#change(event, nowMs);
  }

  takeIncident(incident: VirshIncident): readonly LogFact[] {
    switch (incident.kind) {
      case 'diskFault':
        return this.#setDiskFault(true);
      case 'memoryFailure':
        return [{ kind: 'memoryFailure' }];
      case 'watchdog':
        return [{ kind: 'watchdog', action: incident.action }];
    }
  }

  /** What libvirt has answered: the domain may have changed while nobody listened. `end`: how it has ended, if it is off. */
  takeState(state: DomainState, end: DomainEnd = 'other'): readonly LogFact[] {
    return [...this.#followPower(state, end), ...(state === 'crashed' ? this.#panic() : [])];
  }

  #followPower(state: DomainState, end: DomainEnd): readonly LogFact[] {
    const kind = powerOfState[state];
    if (kind === undefined) return [];
    if (this.#power !== undefined && kindOfPower[this.#power] === kind) return [];
    const isFirst = this.#power === undefined;
    const facts = this.#setPower(kind === 'off' ? powerAfterEnd[end] : powerOfKind[kind]);
    return isFirst ? [] : facts;
  }

  #reset(nowMs: number): readonly LogFact[] {
    const isSame = nowMs - this.#lastResetAtMs < SAME_RESET_MS;
    this.#lastResetAtMs = nowMs;
    if (isSame) return [];
    this.#hasPanicked = false;
    const own = nowMs < (this.#ownReset?.untilMs ?? 0) ? this.#ownReset?.cause : undefined;
    this.#startCause = own ?? 'guestReset';
    return [{ kind: 'booted', by: own === undefined ? 'guest' : 'reset' }];
  }

  #change({ change, detail = '' }: LifecycleEvent, nowMs: number): readonly LogFact[] {
    switch (change) {
      case 'Started':
        return this.#started(detail, nowMs);
      case 'Resumed':
        return this.#setDiskFault(false);
      case 'Suspended':
        return detail === 'I/O Error' ? this.#setDiskFault(true) : [];
      case 'PMSuspended':
        return this.#setPower(detail === 'Disk' ? 'suspendedToDisk' : 'suspendedToRam');
      case 'Shutdown':
        return detail === 'Finished after host request' ? [] : [{ kind: 'osStopped', how: 'shutdown' }];
      case 'Crashed':
        return this.#panic();
      case 'Stopped':
        return this.#stopped(detail);
      default:
        return [];
    }
  }

  #started(detail: string, nowMs: number): readonly LogFact[] {
    // A process of its own has its disks anew.
    const repaired = this.#setDiskFault(false);
    const isBoot = detail === 'Booted';
    const own = nowMs < (this.#ownStart?.untilMs ?? 0) ? this.#ownStart?.cause : undefined;
    this.#ownStart = undefined;
    if (detail !== 'Event wakeup') {
      this.#hasPanicked = false;
      this.#startCause = own ?? (isBoot ? 'other' : 'unknown');
    }
    const power = this.#setPower('working');
    return [...repaired, ...(isBoot ? [{ kind: 'booted', by: 'start' } as const] : []), ...power];
  }

  #stopped(detail: string): readonly LogFact[] {
    if (detail !== 'Migrated') return this.#setPower(powerAfterEnd[endOfStop(detail)]);
    // It goes on elsewhere.
    this.#power = undefined;
    return [];
  }

  /** Once for each boot, as the sensor of the operating system tells it. */
  #panic(): readonly LogFact[] {
    if (this.#hasPanicked) return [];
    this.#hasPanicked = true;
    return [{ kind: 'osStopped', how: 'panic' }];
  }

  #setPower(power: LoggedPower): readonly LogFact[] {
    if (this.#power === power) return [];
    this.#power = power;
    return [{ kind: 'power', state: power }];
  }

  #setDiskFault(hasFault: boolean): readonly LogFact[] {
    if (this.#hasDiskFault === hasFault) return [];
    this.#hasDiskFault = hasFault;
    return [hasFault ? { kind: 'diskFault' } : { kind: 'diskFault', isOver: true }];
  }
}
