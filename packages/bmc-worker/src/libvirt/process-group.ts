/** Signals a process and everything it started: `virsh` with its ssh (qemu+ssh), a worker with its `virsh`. */
export function killGroup(leaderPid: number | undefined, signal: NodeJS.Signals = 'SIGKILL'): void {
  if (leaderPid === undefined) return;
  try {
    process.kill(-leaderPid, signal);
  } catch {
    // ESRCH: the group has already ended.
  }
}
