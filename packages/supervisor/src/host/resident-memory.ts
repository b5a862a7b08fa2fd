import { readFileSync } from 'node:fs';

/** The resident memory of a process in bytes, shared pages included; `undefined` when it has gone. */
export function residentBytes(pid: number): number | undefined {
  try {
    // The kernel makes this file from memory, so a synchronous read does not wait for a disk.
    const kilobytes = /^VmRSS:\s+([0-9]+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    return undefined;
  }
}
