import { isPowerOff, type DomainAction } from '../terms/domain-action.ts';

/**
 * What becomes of a change that begins while another is under way:
 *
 * - `joins`: it is the same change, and the outcome of the one under way answers it too;
 * - `callsOff`: the one under way ends without its result, and this one begins at once;
 * - `followsAlong`: both count as under way, and `libvirt/` carries them out one after another where they touch the same thing;
 * - `isRefused`: the client gets C0h, node busy.
 */
export type Conflict = 'joins' | 'callsOff' | 'followsAlong' | 'isRefused';

/** The change under way, as seen from the new one. */
export interface Rival {
  readonly action: DomainAction;
  /** Who asked for it: the session that asks now, another session, or nobody (the BMC started it). */
  readonly askedBy: 'thisSession' | 'another' | 'bmc';
}

/**
 * A power off is what a fencing agent waits for, and what an operator does about a domain on which everything else hangs:
 * nothing may keep it waiting. Two fencing agents that ask at the same time both get the one answer.
 */
function conflictOfPowerOff({ action }: Rival): Conflict {
  if (isPowerOff(action)) return 'joins';
  // The supervisor writes a file meanwhile, which no power off disturbs.
  return action.kind === 'storePowerRestorePolicy' ? 'followsAlong' : 'callsOff';
}

/** What a requested change does about a change under way. */
export function conflictOf(action: DomainAction, rival: Rival): Conflict {
  if (isPowerOff(action)) return conflictOfPowerOff(rival);
  // ipmipower sends again after 0.4 s with a new rqSeq, and from then on accepts the answer to that request only.
  if (rival.askedBy === 'thisSession' && isSameAction(rival.action, action)) return 'joins';
  return rival.askedBy === 'bmc' ? 'followsAlong' : 'isRefused';
}

export function isSameAction(one: DomainAction, other: DomainAction): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
