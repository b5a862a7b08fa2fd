import type { UnansweredCall } from '../../status/unanswered-calls.ts';

/** What `vbmc list`, `vbmc show` and `vbmc doctor` say about a domain that libvirt does not answer about. */
export function unansweredText({ since, call }: UnansweredCall): string {
  const what = call === null ? '' : ` to virsh ${call}`;
  return `libvirt owes an answer${what} since ${since}`;
}
