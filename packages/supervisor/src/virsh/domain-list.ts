/** The output of `virsh list --all --uuid --name`: on each line the UUID, a blank, and the name, padded with blanks. */

const UUID_LENGTH = 36;

/** The line of a domain in the list, to be told from what other commands of the same virsh print. */
export function isListed(line: string): boolean {
  return /^[0-9a-f-]{36} /.test(line);
}

/** UUIDs by names; what is no line of the list is passed over. Names that differ in blanks at their end have none. */
export function readDomainList(text: string): ReadonlyMap<string, string> {
  const uuids = new Map<string, string>();
  const ambiguous = new Set<string>();
  for (const line of text.split('\n').filter(isListed)) {
    const name = line.slice(UUID_LENGTH + 1).trimEnd();
    if (uuids.has(name)) ambiguous.add(name);
    uuids.set(name, line.slice(0, UUID_LENGTH));
  }
  for (const name of ambiguous) uuids.delete(name);
  return uuids;
}
