/** Asks systemd about vbmc.service. */
import { waitFor } from '#support/wait-for.ts';
import type { SystemdLab } from '#lab/systemd/systemd-lab.ts';

export async function property(lab: SystemdLab, name: string): Promise<string> {
  return lab.sh(`systemctl show -p ${name} --value vbmc`);
}

export async function mainPid(lab: SystemdLab): Promise<string> {
  return property(lab, 'MainPID');
}

/** The process ids of the supervisor and its workers; the `virsh` processes that they run do not count. */
export async function processes(lab: SystemdLab): Promise<readonly string[]> {
  return (await lab.sh('pgrep -u vbmc -f /usr/lib/vbmc/ || true')).split('\n').filter((pid) => pid !== '');
}

/** Waits until a process other than `before` is the service and is up; returns its process id. */
export async function replacementOf(lab: SystemdLab, before: string, timeoutMs: number): Promise<string> {
  return waitFor(
    'a new supervisor',
    async () => {
      const [pid, state] = (await lab.sh('systemctl show -p MainPID -p ActiveState --value vbmc')).split(
        '\n',
      );
      return state === 'active' && pid !== before && pid !== '0' ? pid : undefined;
    },
    { timeoutMs, intervalMs: 200 },
  );
}

export function secondsSince(startedAt: number): string {
  return `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
}
