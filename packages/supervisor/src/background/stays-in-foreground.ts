/** Whether this process stays in the foreground though nobody has asked for it. */
import { readFileSync } from 'node:fs';
import { isStartedBySystemd } from '../systemd/started-by-systemd.ts';

/** The end of process 1 ends its container. */
const INIT = 1;

export function staysInForeground(): boolean {
  const { env: environment, pid, ppid } = process;
  return pid === INIT || isStartedBySystemd({ environment, pid, parentName: nameOf(ppid) });
}

function nameOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    return '';
  }
}
