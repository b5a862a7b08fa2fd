import type { DomainState } from '../core/terms/domain-action.ts';
import { stateByText } from './state-reasons.ts';

/** Old Xen toolchains print `dying` for a domain that is shutting down. */
const DYING = 'dying';

/**
 * Reads the output of `virsh domstate --reason` (libvirt: cmdDomstate in tools/virsh-domain-monitor.c); `undefined` if libvirt
 * has no such state.
 */
export function parseDomainState(stdout: string): DomainState | undefined {
  const [, text = '', reason] = /^([^(]*[^( ])(?: \((.*)\))?$/.exec(stdout.trim()) ?? [];
  return text === DYING ? 'inShutdown' : stateByText(text, reason);
}

/** The reason that the same output gives for a domain that is off; undefined for one that is not. */
export function parseOffReason(stdout: string): string | undefined {
  const found = /^shut off(?: \((.*)\))?$/.exec(stdout.trim());
  return found === null ? undefined : (found[1] ?? 'unknown');
}
