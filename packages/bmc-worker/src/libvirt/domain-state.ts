import type { DomainState } from '../core/terms/domain-action.ts';

/**
 * The texts that `virsh domstate` prints under LC_ALL=C, and the states they name (libvirt: virshDomainState in
 * tools/virsh-domain-monitor.c). Old Xen toolchains print `dying` for a domain that is shutting down.
 */
const stateByText: Readonly<Record<string, DomainState>> = {
  'no state': 'noState',
  running: 'running',
  idle: 'idle',
  paused: 'paused',
  'in shutdown': 'inShutdown',
  dying: 'inShutdown',
  'shut off': 'shutOff',
  crashed: 'crashed',
  pmsuspended: 'pmsuspended',
};

/** Reads the output of `virsh domstate --reason`; `undefined` if libvirt has no such state. */
export function parseDomainState(stdout: string): DomainState | undefined {
  const [, text = '', reason] = /^([^(]*[^( ])(?: \((.*)\))?$/.exec(stdout.trim()) ?? [];
  if (text === 'shut off' && reason === 'migrated') return 'migratedAway';
  return Object.hasOwn(stateByText, text) ? stateByText[text] : undefined;
}

/** The reason that the same output gives for a domain that is off; undefined for one that is not. */
export function parseOffReason(stdout: string): string | undefined {
  const found = /^shut off(?: \((.*)\))?$/.exec(stdout.trim());
  return found === null ? undefined : (found[1] ?? 'unknown');
}
