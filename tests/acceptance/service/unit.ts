/** What systemd knows about vbmc.service. */
import { waitFor } from '#lab/wait-for.ts';
import type { ServiceLab } from './service-lab.ts';

export async function property(lab: ServiceLab, name: string): Promise<string> {
  return lab.sh(`systemctl show -p ${name} --value vbmc`);
}

export async function mainPid(lab: ServiceLab): Promise<string> {
  return property(lab, 'MainPID');
}

/** The processes of the unit's control group, without those that are just being asked for. */
export async function processes(lab: ServiceLab): Promise<readonly string[]> {
  return (await lab.sh('pgrep -u vbmc -f /usr/lib/vbmc/ || true')).split('\n').filter((pid) => pid !== '');
}

/** Until another process than `before` is the service, and says that it is up; returns its pid. */
export async function replacementOf(lab: ServiceLab, before: string, timeoutMs: number): Promise<string> {
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
