import type { FollowVirsh } from '@vbmc/bmc-worker/libvirt';
import type { Clock } from '../host/clock.ts';
import type { Log } from '../log/log.ts';

export interface WatchDependencies {
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly log: Log;
  readonly followVirsh: FollowVirsh;
}
