import { readFileSync } from 'node:fs';

/** What a process has in memory, shared pages included, in bytes; `undefined` when it has gone. */
export function residentBytes(pid: number): number | undefined {
  try {
    // Written by the kernel from memory: this does not wait for a disk.
    const kilobytes = /^VmRSS:\s+([0-9]+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    return undefined;
  }
}
