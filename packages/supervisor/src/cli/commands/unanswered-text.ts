import type { UnansweredCall } from '../../status/unanswered-calls.ts';

/** What `vbmc list`, `vbmc show` and `vbmc doctor` say about a domain that libvirt does not answer about. */
export function unansweredText({ since, call }: UnansweredCall): string {
  const what = call === null ? '' : ` to virsh ${call}`;
  return `libvirt owes an answer${what} since ${since}`;
}

/** What that means for the BMC's clients. A start that only takes long keeps no other question from being answered. */
export function unansweredEffect({ call }: UnansweredCall): string {
  return call === 'start' ? 'the start may still come through' : 'the BMC answers C3h until then';
}
