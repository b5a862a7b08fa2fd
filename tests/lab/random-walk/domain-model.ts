/** What must be true of a domain and its BMC, as far as the operations so far decide it. Pure. */
import type { BootDevice, Policy } from './operation.ts';

export type Power = 'shut off' | 'running' | 'paused' | 'crashed';

export interface Override {
  readonly device: BootDevice;
  readonly persistent: boolean;
  /** Until this time, in seconds, a one-shot override must be there; from then on it may have expired. */
  readonly surelyUntil: number;
}

/** The guest program of a machine that is on: what must be waited for before anything else is asked of it. */
export type GuestState = 'booting' | 'up';

export interface DomainModel {
  readonly power: Power;
  readonly guest: GuestState;
  /** What the guest that is booting must say it comes from; undefined if this is not decided. */
  readonly bootsFrom: BootDevice | undefined;
  readonly override: Override | undefined;
  /** A managed save image, with what it would resume. */
  readonly image: 'running' | 'paused' | undefined;
  readonly snapshot: Snapshot | undefined;
  readonly disks: Disks;
  readonly poweredOnBy: 'command' | 'other' | 'either';
  readonly policy: Policy;
  /** libvirt has written the definition from a snapshot, and arranges elements in another order then. */
  readonly rearranged: boolean;
  /** The running machine came back with the boot order of a snapshot; the BMC gives it that of its definition within seconds. */
  readonly keepsOrder: boolean;
  /** How often the domain has been replaced by one with another UUID. */
  readonly generation: number;
}

export interface Disks {
  readonly config: boolean;
  readonly live: boolean;
}

export interface Snapshot {
  readonly power: 'shut off' | 'running' | 'paused';
  readonly override: Override | undefined;
  readonly disks: Disks;
}

/** What `on_crash` in the domain's definition says. */
export type OnCrash = 'destroy' | 'restart' | 'preserve';

export const newDomain: DomainModel = {
  power: 'shut off',
  guest: 'up',
  bootsFrom: undefined,
  override: undefined,
  image: undefined,
  snapshot: undefined,
  disks: { config: false, live: false },
  poweredOnBy: 'either',
  policy: 'always-off',
  rearranged: false,
  keepsOrder: false,
  generation: 0,
};

export function isOn({ power }: DomainModel): boolean {
  return power !== 'shut off';
}

/** What the next boot comes from. An override that may have expired leaves it open. */
export function nextBoot({ override }: DomainModel, at: number): BootDevice | undefined {
  if (override === undefined) return 'disk';
  return override.persistent || at < override.surelyUntil ? override.device : undefined;
}

/** The machine boots: this uses up a one-shot override. */
export function booted(model: DomainModel, at: number): DomainModel {
  return {
    ...model,
    power: 'running',
    guest: 'booting',
    bootsFrom: nextBoot(model, at),
    override: model.override?.persistent === true ? model.override : undefined,
    image: undefined,
  };
}

/** The guest or libvirt resets the machine: the BMC may not have given it the order of its definition yet. */
export function rebooted(model: DomainModel, at: number): DomainModel {
  const after = booted(model, at);
  return model.keepsOrder ? { ...after, bootsFrom: undefined } : after;
}

/** Another process: what only the old one had is gone. */
export function switchedOff(model: DomainModel): DomainModel {
  return {
    ...model,
    power: 'shut off',
    guest: 'up',
    bootsFrom: undefined,
    keepsOrder: false,
    disks: { ...model.disks, live: false },
  };
}

/** Whether the boot flags that the BMC tells are possible at this time. */
export function allowsFlags(
  { override }: DomainModel,
  told: { readonly device: BootDevice | 'none'; readonly persistent: boolean },
  at: number,
): boolean {
  if (told.device === 'none') {
    return override === undefined || (!override.persistent && at >= override.surelyUntil);
  }
  return told.device === override?.device && told.persistent === override.persistent;
}
