import type { UnansweredCall } from '../../status/unanswered-calls.ts';

/** What `vbmc list`, `vbmc show` and `vbmc doctor` say about a domain that libvirt does not answer about. */
export function unansweredText({ since, call }: UnansweredCall): string {
  const what = call === null ? '' : ` to virsh ${call}`;
  return `libvirt owes an answer${what} since ${since}`;
}

const effects: Readonly<Record<string, string>> = {
  /** One that only takes long keeps no other question from being answered. */
  start: 'the start may still come through',
  /** It waits for another domain, which libvirt does not answer about. */
  define: 'the boot device may still be set',
  /** A question about all domains, from beside a start that has ended since. */
  domstats: 'libvirt waits for another domain, and the BMC answers',
};

/** What that means for the BMC's clients. */
export function unansweredEffect({ call }: UnansweredCall): string {
  return effects[call ?? ''] ?? 'the BMC answers C3h until then';
}
