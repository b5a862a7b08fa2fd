/**
 * The lines of `virsh event --loop --all` about what goes wrong in a domain, which changes no state by itself:
 *
 *     event 'io-error' for domain 'node-0': /images/node-0.qcow2 (virtio-disk0) pause
 *     event 'watchdog' for domain 'node-0': reset
 *     event 'memory-failure' for domain 'node-0':
 */
import type { watchdogActions } from '../core/terms/log-fact.ts';

export type VirshIncident =
  | { readonly kind: 'diskFault'; readonly domainName: string }
  | { readonly kind: 'memoryFailure'; readonly domainName: string }
  | {
      readonly kind: 'watchdog';
      readonly domainName: string;
      readonly action: (typeof watchdogActions)[number];
    };

// A name may contain quotes and colons, but no line break. For `io-error-reason` libvirt prints an `io-error` too. After `none` the disk's
// error policy has QEMU ignore the error: the guest is told nothing, and no other event would end such a fault.
const diskFault = /^event 'io-error' for domain '(.+)': .* (?:pause|report)$/;
const watchdog = /^event 'watchdog' for domain '(.+)': ([a-z-]+)$/;
const memoryFailure = /^event 'memory-failure' for domain '(.+)':$/;

/** libvirt's names of what a watchdog device does (virDomainEventWatchdogAction). */
const actions: ReadonlyMap<string, (typeof watchdogActions)[number]> = new Map([
  ['none', 'none'],
  ['pause', 'none'],
  ['debug', 'none'],
  ['reset', 'reset'],
  ['poweroff', 'powerOff'],
  ['shutdown', 'powerOff'],
  ['inject-nmi', 'interrupt'],
]);

/** Reads one line; `undefined` for anything else that virsh prints. */
export function parseVirshIncident(line: string): VirshIncident | undefined {
  const [, ofDisk] = diskFault.exec(line) ?? [];
  if (ofDisk !== undefined) return { kind: 'diskFault', domainName: ofDisk };
  const [, watched, action = ''] = watchdog.exec(line) ?? [];
  if (watched !== undefined)
    return { kind: 'watchdog', domainName: watched, action: actions.get(action) ?? 'none' };
  const [, ofMemory] = memoryFailure.exec(line) ?? [];
  return ofMemory === undefined ? undefined : { kind: 'memoryFailure', domainName: ofMemory };
}
