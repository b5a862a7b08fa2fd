import type { Clock } from '../host/clock.ts';
import type { Log } from '../log/log.ts';
import type { FollowVirsh } from '@vbmc/bmc-worker/libvirt';

/** What a domain watch needs of the world. */
export interface WatchSurroundings {
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly log: Log;
  readonly followVirsh: FollowVirsh;
}
