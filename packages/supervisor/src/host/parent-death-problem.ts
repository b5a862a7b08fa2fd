/** Whether this machine can end a worker that hangs together with its vbmcd. */
import type { ParentDeath } from '@vbmc/bmc-worker/libvirt';
import type { Problem } from '../text/problem.ts';

/** `undefined` when it can, and when a shortage keeps vbmcd from finding out. */
export function parentDeathProblem(known: ParentDeath): Problem | undefined {
  if ('code' in known || known.prefix.length > 0) return undefined;
  return {
    message:
      'there is no setpriv with --pdeathsig: when vbmcd is killed, a worker that hangs stays and keeps its port',
    remedy: 'install util-linux 2.33 or later',
  };
}
