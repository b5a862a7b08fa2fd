import { readdirSync, readFileSync } from 'node:fs';
import { openDescriptors } from '#support/processes.ts';

/** The process that listens on this UDP port of 127.0.0.1, or of all addresses. Needs the right to look at it. */
export function ownerOfUdpPort(port: number): number {
  const inodes = ['udp', 'udp6'].flatMap((table) =>
    inodesOf(readFileSync(`/proc/net/${table}`, 'latin1'), port),
  );
  const owner = readdirSync('/proc').find((pid) => /^\d+$/.test(pid) && holds(pid, inodes));
  if (owner === undefined) throw new Error(`no process listens on port ${port}/udp`);
  return Number(owner);
}

/** Of the unconnected sockets on this port in a table like /proc/net/udp. */
export function inodesOf(table: string, port: number): readonly string[] {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  return table.split('\n').flatMap((line) => {
    const [, local, remote, , , , , , , inode] = line.trim().split(/\s+/);
    return inode !== undefined && local?.endsWith(`:${wanted}`) && remote?.endsWith(':0000') ? [inode] : [];
  });
}

function holds(pid: string, inodes: readonly string[]): boolean {
  try {
    return openDescriptors(Number(pid)).some((target) =>
      inodes.some((inode) => target === `socket:[${inode}]`),
    );
  } catch {
    // It has ended meanwhile, or belongs to another user.
    return false;
  }
}
