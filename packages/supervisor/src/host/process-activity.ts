/** What the kernel tells about a process: whether it wants a processor, and how much it has had of one. */
import { readFileSync } from 'node:fs';

export interface ProcessActivity {
  /** proc(5): `R` runs or waits for a processor, `S` sleeps, `D` waits for a disk, `T` is stopped. */
  readonly state: string;
  /** Processor time since its start. */
  readonly processorMs: number;
}

/** The kernel counts in hundredths of a second (USER_HZ). */
const TICK_MS = 10;
/** Of utime and stime, behind the name of the program, which may contain spaces. */
const [UTIME, STIME] = [11, 12];

/** `undefined` when it has gone. */
export function processActivity(pid: number): ProcessActivity | undefined {
  try {
    // The kernel makes this file from memory, so a synchronous read does not wait for a disk.
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = Number(fields[UTIME]) + Number(fields[STIME]);
    return { state: fields[0] ?? '', processorMs: ticks * TICK_MS };
  } catch {
    return undefined;
  }
}
