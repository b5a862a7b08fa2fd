/**
 * The output of `virsh list --all --uuid --name`: on each line the UUID, a blank, and the name, padded with blanks at
 * its end.
 */

/** Bytes of a UUID as text (libvirt's VIR_UUID_STRING_BUFLEN without its NUL). */
export const UUID_TEXT_LENGTH = 36;

/** Whether a line is one of the list, and not output of another command of the same virsh. */
export function isListed(line: string): boolean {
  return /^[0-9a-f-]{36} +[^ ]/.test(line);
}

/** The UUID on a line of `virsh list --uuid`, which has no name; `undefined` for every other line. */
export function readListedUuid(line: string): string | undefined {
  return /^([0-9a-f-]{36}) *$/.exec(line)?.[1];
}

/**
 * UUIDs by names without the blanks at their end. Lines that are not of the list are skipped. Names that differ only in
 * such blanks are left out.
 */
export function readDomainList(stdout: string): ReadonlyMap<string, string> {
  const uuids = new Map<string, string>();
  const ambiguous = new Set<string>();
  for (const line of stdout.split('\n').filter(isListed)) {
    const name = line.slice(UUID_TEXT_LENGTH + 1).trimEnd();
    if (uuids.has(name)) ambiguous.add(name);
    uuids.set(name, line.slice(0, UUID_TEXT_LENGTH));
  }
  for (const name of ambiguous) uuids.delete(name);
  return uuids;
}
