import { readFileSync } from 'node:fs';

/** Linux's USER_HZ, 100 on every architecture that node runs on. */
const ticksPerSecond = 100;

/** Processor time that a process has used so far, in user and kernel mode, in seconds. */
export function processorSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  // The command's name, in parentheses, may hold anything; utime and stime are the 12th and 13th after it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}
