/**
 * The lines of `virsh event --loop --all` (libvirt: virshEventLifecyclePrint and others in tools/virsh-domain-event.c):
 *
 *     event 'lifecycle' for domain 'node-0': Stopped Destroyed
 *     event 'reboot' for domain 'node-0'
 */
import type { DomainState } from '../core/terms/domain-action.ts';

export type VirshEvent =
  /** As libvirt prints them: `Started` `Booted`, `Suspended` `I/O Error` … */
  | {
      readonly kind: 'lifecycle';
      readonly domainName: string;
      readonly change: string;
      readonly detail?: string;
    }
  /** The machine was reset, by its guest or by `virsh reset`. */
  | { readonly kind: 'reboot'; readonly domainName: string };

// A name may contain quotes and colons, but no line break. No quote follows it, so the last quote ends the name.
const lifecycle = /^event 'lifecycle' for domain '(.+)': ([A-Z][A-Za-z]*)(?: ([A-Za-z/ -]+))?$/;
const reboot = /^event 'reboot' for domain '(.+)'$/;

/** Reads one line; `undefined` for events of other kinds and for anything else that virsh prints. */
export function parseVirshEvent(line: string): VirshEvent | undefined {
  const [, changed, change, detail] = lifecycle.exec(line) ?? [];
  if (changed !== undefined && change !== undefined)
    return { kind: 'lifecycle', domainName: changed, change, ...(detail !== undefined && { detail }) };
  const [, rebooted] = reboot.exec(line) ?? [];
  return rebooted === undefined ? undefined : { kind: 'reboot', domainName: rebooted };
}

/** Whether a definition was written, renamed or removed: `Defined Updated`, `Undefined Renamed` … */
export function isDefinitionChange(event: VirshEvent): event is VirshEvent & { readonly kind: 'lifecycle' } {
  return event.kind === 'lifecycle' && (event.change === 'Defined' || event.change === 'Undefined');
}

/** The state after each change, whatever its detail. `Defined` and `Undefined` imply none: a running domain runs on. */
const stateAfterChange: Readonly<Record<string, DomainState>> = {
  Started: 'running',
  Resumed: 'running',
  Suspended: 'paused',
  PMSuspended: 'pmsuspended',
  Shutdown: 'inShutdown',
  Stopped: 'shutOff',
  Crashed: 'crashed',
};

/** Where the detail makes it another state; `undefined`: the event implies none. */
const stateAfterDetail: ReadonlyMap<string, DomainState | undefined> = new Map<
  string,
  DomainState | undefined
>([
  ['Stopped Migrated', 'migratedAway'],
  ['Suspended I/O Error', 'ioError'],
  ['Suspended Migrated', 'migrating'],
  ['Suspended Post-copy', 'migrating'],
  ['Suspended Post-copy Error', 'migrating'],
  // A copy that comes from another host is there, and paused until it is the one that runs.
  ['Started Migrated', 'migrating'],
  // The guest has loaded the kernel that writes its crash dump, and runs that.
  ['Crashed Crashloaded', undefined],
]);

/** The state after an event; `undefined`: it implies none. */
export function stateAfter({
  change,
  detail,
}: Extract<VirshEvent, { kind: 'lifecycle' }>): DomainState | undefined {
  const text = `${change} ${detail ?? ''}`;
  if (stateAfterDetail.has(text)) return stateAfterDetail.get(text);
  return Object.hasOwn(stateAfterChange, change) ? stateAfterChange[change] : undefined;
}

/** Whether the machine was powered on. A wake-up from S3 is reported as a start, too. */
export function isPowerOn({ change, detail }: Extract<VirshEvent, { kind: 'lifecycle' }>): boolean {
  return change === 'Started' && detail !== 'Event wakeup';
}
