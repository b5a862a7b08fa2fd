/** What sensors are made of, for each domain of one connection, from events and snapshots. Pure. */
import type { DomainEnd, SensorFacts } from '@vbmc/bmc-worker/ipc';
import { isPowerOn, type DomainFigures, type VirshEvent, type VirshIncident } from '@vbmc/bmc-worker/libvirt';
import { CpuUsage } from './cpu-usage.ts';

/** By the detail of the event `Stopped`; all others are `other`. */
const endByDetail: ReadonlyMap<string | undefined, DomainEnd> = new Map([
  ['Shutdown', 'shutdown'],
  ['Destroyed', 'destroyed'],
  ['Crashed', 'crashed'],
  ['Failed', 'failed'],
  ['Saved', 'saved'],
]);

/** How a domain has ended, by the detail of its event `Stopped`. */
export function endOfStop(detail: string | undefined): DomainEnd {
  return endByDetail.get(detail) ?? 'other';
}

/** By libvirt's number of the reason why a domain is off; all others are `other`. */
const endByReason: ReadonlyMap<number, DomainEnd> = new Map([
  [1, 'shutdown'],
  [2, 'destroyed'],
  [3, 'crashed'],
  [5, 'saved'],
  [6, 'failed'],
]);

/** How long the list of disks is believed: they are plugged in without a lifecycle event. */
const DISKS_MS = 600_000;
/** How soon libvirt is asked again if it has not answered that. */
const DISKS_AGAIN_MS = 10_000;

/** For how long libvirt is asked about a domain after somebody has asked for its sensors. Ironic asks every 10 minutes. */
const WANTED_MS = 3_600_000;

/** How often a running domain is asked what it has used of its processors. */
const USAGE_MS = 10_000;

/** What libvirt answers about one domain. */
export interface DomainTraits {
  readonly processors?: number;
  /** What it has used of them since it started, with a tenth of a second. */
  readonly cpuSeconds?: number;
  readonly hasDisk?: boolean;
}

/** What libvirt is to be asked about one domain. */
export interface TraitsWanted {
  readonly usage: boolean;
  readonly disks: boolean;
}

interface Known {
  end?: DomainEnd;
  hasPanicked: boolean;
  hasDiskFault: boolean;
  /** The host has ended the emulator: the guest's operating system had no say in it. */
  endedByHost: boolean;
  readonly cpu: CpuUsage;
  processors?: number;
  hasDisk?: boolean;
  /** Whether libvirt was asked for disks, and has not answered. */
  isAskedForDisks: boolean;
  /** When libvirt was asked; undefined: not since the domain has started. */
  usageAtMs: number | undefined;
  disksAtMs: number | undefined;
  /** When somebody has last asked for the sensors: before, libvirt is asked nothing. */
  wantedAtMs: number;
}

export class DomainFacts {
  readonly #known = new Map<string, Known>();
  /** Domains that have had an event since the last snapshot began. */
  readonly #newer = new Set<string>();

  takeEvent(event: VirshEvent): void {
    this.#newer.add(event.domainName);
    const known = this.#of(event.domainName);
    if (event.kind === 'reboot' || isPowerOn(event)) known.hasPanicked = false;
    if (event.kind === 'reboot') return;
    const { change, detail } = event;
    if (change === 'Started') {
      delete known.end;
      known.endedByHost = false;
      known.hasDiskFault = false;
      known.cpu.forget();
      known.usageAtMs = undefined;
      known.disksAtMs = undefined;
    } else if (change === 'Crashed') {
      known.hasPanicked = true;
    } else if (change === 'Suspended') {
      known.hasDiskFault ||= detail === 'I/O Error';
    } else if (change === 'Resumed') {
      known.hasDiskFault = false;
    } else if (change === 'Shutdown') {
      known.endedByHost = detail === 'Finished after host request';
    } else if (change === 'Stopped') {
      const end = endOfStop(detail);
      known.end = end === 'shutdown' && known.endedByHost ? 'other' : end;
      known.cpu.forget();
    }
  }

  takeIncident({ kind, domainName }: VirshIncident): void {
    if (kind === 'diskFault') this.#of(domainName).hasDiskFault = true;
  }

  beginSnapshot(): void {
    this.#newer.clear();
  }

  endSnapshot(figures: ReadonlyMap<string, DomainFigures>): void {
    for (const domainName of [...this.#known.keys()])
      if (!figures.has(domainName) && !this.#newer.has(domainName)) this.#known.delete(domainName);
    for (const [domainName, { offReason }] of figures) {
      if (this.#newer.has(domainName)) continue;
      const known = this.#of(domainName);
      // An event tells more than the reason.
      if (offReason === undefined) delete known.end;
      else known.end ??= endByReason.get(offReason) ?? 'other';
      if (offReason !== undefined) known.cpu.forget();
    }
  }

  /** What libvirt is to be asked about the domain. Each is asked once, until it is due again. */
  wanted(domainName: string, isOn: boolean, nowMs: number): TraitsWanted {
    const { usageAtMs, disksAtMs, wantedAtMs } = this.#of(domainName);
    if (nowMs - wantedAtMs > WANTED_MS) return { usage: false, disks: false };
    return {
      usage: isOn && (usageAtMs === undefined || nowMs - usageAtMs >= USAGE_MS),
      disks: disksAtMs === undefined || nowMs - disksAtMs >= DISKS_MS,
    };
  }

  ask(domainName: string, { usage, disks }: TraitsWanted, nowMs: number): void {
    const known = this.#of(domainName);
    if (usage) known.usageAtMs = nowMs;
    if (!disks) return;
    known.disksAtMs = nowMs;
    known.isAskedForDisks = true;
  }

  /** What libvirt has not answered stays as it was. An answer to a question before the last start is too old. */
  answer(domainName: string, { processors, cpuSeconds, hasDisk }: DomainTraits, nowMs: number): void {
    const known = this.#known.get(domainName);
    if (known?.disksAtMs === undefined) return;
    if (hasDisk !== undefined) known.hasDisk = hasDisk;
    else if (known.isAskedForDisks) known.disksAtMs = nowMs - DISKS_MS + DISKS_AGAIN_MS;
    known.isAskedForDisks = false;
    if (processors !== undefined) known.processors = processors;
    if (cpuSeconds !== undefined) known.cpu.take(cpuSeconds, nowMs);
  }

  /** How the domain has ended; `undefined`: it is on, or that is not known. */
  endOf(domainName: string): DomainEnd | undefined {
    return this.#known.get(domainName)?.end;
  }

  of(domainName: string, nowMs: number): SensorFacts {
    const known = this.#of(domainName);
    known.wantedAtMs = nowMs;
    const { end, hasPanicked, cpu, processors, hasDisk, hasDiskFault } = known;
    const cpuPercent = cpu.percent(processors ?? 0, nowMs);
    return {
      ...(cpuPercent !== undefined && { cpuPercent }),
      ...(end !== undefined && { end }),
      ...(hasPanicked && { hasPanicked }),
      ...(hasDiskFault && { hasDiskFault }),
      ...(hasDisk !== undefined && { hasDisk }),
    };
  }

  #of(domainName: string): Known {
    const known = this.#known.get(domainName) ?? {
      hasPanicked: false,
      hasDiskFault: false,
      isAskedForDisks: false,
      endedByHost: false,
      cpu: new CpuUsage(),
      usageAtMs: undefined,
      disksAtMs: undefined,
      wantedAtMs: -Infinity,
    };
    this.#known.set(domainName, known);
    return known;
  }
}
