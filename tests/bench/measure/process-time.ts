import { readFileSync } from 'node:fs';
import { childrenOf } from '#support/processes.ts';

/** Linux's USER_HZ, 100 on every architecture that node runs on. */
const TICKS_PER_SECOND = 100;

/** The fields of its `stat` from the 3rd on, as numbers. */
function statOf(pid: number): readonly number[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  // The command's name, in parentheses, may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields.map(Number);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

/** Processor time that a process has used so far, in user and kernel mode, in seconds. */
export function processorSeconds(pid: number): number {
  return sum(statOf(pid).slice(11, 13)) / TICKS_PER_SECOND;
}

/** The same of a process and its children, including their ended children. */
export function treeProcessorSeconds(pid: number): number {
  const ticks = childrenOf(pid).map((child) => {
    try {
      return sum(statOf(child.pid).slice(11, 15));
    } catch {
      // It has ended meanwhile: its time counts for its parent.
      return 0;
    }
  });
  return sum([...ticks, ...statOf(pid).slice(11, 15)]) / TICKS_PER_SECOND;
}
