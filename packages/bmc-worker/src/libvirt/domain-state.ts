import type { DomainState } from '../core/terms/domain-action.ts';

/**
 * What `virsh domstate` prints under LC_ALL=C, and the state it names (libvirt: virshDomainState in
 * tools/virsh-domain-monitor.c). `dying` is what Xen toolchains of old printed for a domain on its way out.
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

/** Reads the output of `virsh domstate`; `undefined` when it is none of libvirt's words. */
export function parseDomainState(stdout: string): DomainState | undefined {
  const text = stdout.trim();
  return Object.hasOwn(stateByText, text) ? stateByText[text] : undefined;
}
