import { readFileSync } from 'node:fs';

/** Of one process, in KiB. */
export interface ProcessMemory {
  /** What the machine would get back if the process ended: pages that no other process has mapped. */
  readonly privateKib: number;
  /** Shared pages divided by the number of processes that share them, and the private ones. */
  readonly pssKib: number;
  readonly residentKib: number;
}

export function processMemory(pid: number): ProcessMemory {
  return parseSmapsRollup(readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1'));
}

/** Raises when a field is missing: a kernel without smaps_rollup's fields cannot be measured. */
export function parseSmapsRollup(text: string): ProcessMemory {
  const kib = (field: string): number => {
    const found = new RegExp(`^${field}: +(\\d+) kB$`, 'm').exec(text)?.[1];
    if (found === undefined) throw new Error(`smaps_rollup has no ${field}`);
    return Number(found);
  };
  return {
    privateKib: kib('Private_Clean') + kib('Private_Dirty') + kib('Private_Hugetlb'),
    pssKib: kib('Pss'),
    residentKib: kib('Rss'),
  };
}
