/** Reads the kernel's tables of UDP sockets, `/proc/net/udp` and `/proc/net/udp6` (proc(5)). Pure. */

/** The inodes of the sockets that are bound to `port`, on any address. */
export function socketInodes(table: string, port: number): readonly string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return table
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[1]?.endsWith(suffix) === true)
    .flatMap((fields) => fields[9] ?? []);
}
