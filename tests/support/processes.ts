import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

export interface ProcessEntry {
  readonly pid: number;
  readonly parentPid: number;
  readonly commandLine: string;
}

/** All processes that run now; one that has ended and is not reaped does not. */
export function runningProcesses(): ProcessEntry[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
        const [state, parentPid] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        if (state === 'Z' || state === 'X') return [];
        const commandLine = readFileSync(`/proc/${pid}/cmdline`, 'latin1').split('\0').join(' ').trim();
        return [{ pid: Number(pid), parentPid: Number(parentPid), commandLine }];
      } catch {
        // It has ended in the meantime.
        return [];
      }
    });
}

/** Whether a process of that id lives; one that has ended and is not reaped does not. */
export function isAlive(pid: number): boolean {
  return runningProcesses().some((entry) => entry.pid === pid);
}

export function childrenOf(parentPid: number): ProcessEntry[] {
  return runningProcesses().filter((entry) => entry.parentPid === parentPid);
}

/** What the open descriptors of a process are: `socket:[4711]`, `pipe:[815]`, `anon_inode:[eventpoll]`, a path. */
export function openDescriptors(pid: number): string[] {
  return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/${pid}/fd/${fd}`)];
    } catch {
      return []; // closed in the meantime
    }
  });
}
