/**
 * The lines of `virsh event --loop --all` (libvirt: virshEventLifecyclePrint and others in tools/virsh-domain-event.c):
 *
 *     event 'lifecycle' for domain 'node-0': Stopped Destroyed
 *     event 'reboot' for domain 'node-0'
 */
import type { DomainState } from '../core/terms/domain-action.ts';

export type VirshEvent =
  /** `change` is as libvirt prints it: `Started`, `Stopped` …, except for `Stopped Migrated`, which is one of its own. */
  | { readonly kind: 'lifecycle'; readonly domainName: string; readonly change: string }
  /** The machine was reset, by its guest or by `virsh reset`. */
  | { readonly kind: 'reboot'; readonly domainName: string };

// A name may contain quotes and colons, but no line break. Only letters follow it, so the last quote ends the name.
const lifecycle = /^event 'lifecycle' for domain '(.+)': ([A-Z][A-Za-z]*)(?: ([A-Za-z -]+))?$/;
const reboot = /^event 'reboot' for domain '(.+)'$/;

/** Reads one line; `undefined` for events of other kinds and for anything else that virsh prints. */
export function parseVirshEvent(line: string): VirshEvent | undefined {
  const [, changed, change, detail] = lifecycle.exec(line) ?? [];
  if (changed !== undefined && change !== undefined) {
    const isMigrated = change === 'Stopped' && detail === 'Migrated';
    return { kind: 'lifecycle', domainName: changed, change: isMigrated ? 'Stopped Migrated' : change };
  }
  const [, rebooted] = reboot.exec(line) ?? [];
  return rebooted === undefined ? undefined : { kind: 'reboot', domainName: rebooted };
}

/** Whether a definition was written, renamed or removed: `Defined Updated`, `Undefined Renamed` … */
export function isDefinitionChange(event: VirshEvent): event is VirshEvent & { readonly kind: 'lifecycle' } {
  return event.kind === 'lifecycle' && (event.change === 'Defined' || event.change === 'Undefined');
}

/**
 * The state after a lifecycle event. `Defined` and `Undefined` imply none: a running domain keeps running
 * through both.
 */
export const stateAfter: ReadonlyMap<string, DomainState> = new Map<string, DomainState>([
  ['Started', 'running'],
  ['Resumed', 'running'],
  ['Suspended', 'paused'],
  ['PMSuspended', 'pmsuspended'],
  ['Shutdown', 'inShutdown'],
  ['Stopped', 'shutOff'],
  ['Stopped Migrated', 'migratedAway'],
  ['Crashed', 'crashed'],
]);
