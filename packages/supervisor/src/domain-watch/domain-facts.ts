/** What sensors are made of, for each domain of one connection, from events and snapshots. Pure. */
import type { DomainEnd, SensorFacts } from '@vbmc/bmc-worker/ipc';
import { isPowerOn, type DomainFigures, type VirshEvent } from '@vbmc/bmc-worker/libvirt';
import { CpuUsage } from './cpu-usage.ts';

/** By the detail of the event `Stopped`; all others are `other`. */
const endByDetail: ReadonlyMap<string | undefined, DomainEnd> = new Map([
  ['Shutdown', 'shutdown'],
  ['Destroyed', 'destroyed'],
  ['Crashed', 'crashed'],
  ['Failed', 'failed'],
]);

/** By libvirt's number of the reason why a domain is off; all others are `other`. */
const endByReason: ReadonlyMap<number, DomainEnd> = new Map([
  [1, 'shutdown'],
  [2, 'destroyed'],
  [3, 'crashed'],
  [6, 'failed'],
]);

/** How long what a domain is made of is believed: processors are plugged in without an event. */
const TRAITS_MS = 600_000;

/** What a domain is made of, as far as sensors tell it. */
export interface DomainTraits {
  readonly processors?: number;
  readonly hasDisk?: boolean;
}

interface Known {
  end?: DomainEnd;
  hasPanicked: boolean;
  /** The host has ended the emulator: the guest's operating system had no say in it. */
  endedByHost: boolean;
  readonly cpu: CpuUsage;
  traits: DomainTraits;
  /** When libvirt was asked for them; undefined: not since the domain has started. */
  traitsAtMs: number | undefined;
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
      known.cpu.forget();
      known.traitsAtMs = undefined;
    } else if (change === 'Crashed') {
      known.hasPanicked ||= detail === 'Panicked';
    } else if (change === 'Shutdown') {
      known.endedByHost = detail === 'Finished after host request';
    } else if (change === 'Stopped') {
      const end = endByDetail.get(detail) ?? 'other';
      known.end = end === 'shutdown' && known.endedByHost ? 'other' : end;
      known.cpu.forget();
    }
  }

  beginSnapshot(): void {
    this.#newer.clear();
  }

  endSnapshot(figures: ReadonlyMap<string, DomainFigures>, nowMs: number): void {
    for (const domainName of [...this.#known.keys()])
      if (!figures.has(domainName) && !this.#newer.has(domainName)) this.#known.delete(domainName);
    for (const [domainName, { offReason, cpuTimeNs }] of figures) {
      if (this.#newer.has(domainName)) continue;
      const known = this.#of(domainName);
      // An event tells more than the reason.
      if (offReason === undefined) delete known.end;
      else known.end ??= endByReason.get(offReason) ?? 'other';
      if (offReason !== undefined || cpuTimeNs === undefined) known.cpu.forget();
      else known.cpu.take(cpuTimeNs, nowMs);
    }
  }

  /** Whether libvirt is to be asked what the domain is made of. */
  lacksTraits(domainName: string, nowMs: number): boolean {
    const atMs = this.#known.get(domainName)?.traitsAtMs;
    return atMs === undefined || nowMs - atMs >= TRAITS_MS;
  }

  askForTraits(domainName: string, nowMs: number): void {
    this.#of(domainName).traitsAtMs = nowMs;
  }

  /** What libvirt has not answered stays as it was. An answer to a question before the last start is too old. */
  takeTraits(domainName: string, traits: DomainTraits): void {
    const known = this.#known.get(domainName);
    if (known?.traitsAtMs === undefined) return;
    known.traits = { ...known.traits, ...traits };
  }

  of(domainName: string, nowMs: number): SensorFacts {
    const known = this.#known.get(domainName);
    if (known === undefined) return {};
    const { end, hasPanicked, cpu, traits } = known;
    const cpuPercent = cpu.percent(traits.processors ?? 0, nowMs);
    return {
      ...(cpuPercent !== undefined && { cpuPercent }),
      ...(end !== undefined && { end }),
      ...(hasPanicked && { hasPanicked }),
      ...(traits.hasDisk !== undefined && { hasDisk: traits.hasDisk }),
    };
  }

  #of(domainName: string): Known {
    const known = this.#known.get(domainName) ?? {
      hasPanicked: false,
      endedByHost: false,
      cpu: new CpuUsage(),
      traits: {},
      traitsAtMs: undefined,
    };
    this.#known.set(domainName, known);
    return known;
  }
}
