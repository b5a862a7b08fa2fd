import { bmcFigures, valuesByName, type WorkerMessage } from '@vbmc/bmc-worker/ipc';
import type { UnauthenticatedActivity } from './bmc-detail.ts';
import { printable } from '../text/printable.ts';

/** All figures but the number of sessions, which are shown one by one. */
const shownFigures = bmcFigures.filter((name) => name !== 'activeSessions');

/** User names and sources come from the network. */
export function showUnauthenticatedActivity(
  description: Extract<WorkerMessage, { type: 'description' }>,
): UnauthenticatedActivity {
  return {
    ...valuesByName(shownFigures, (name) => description[name]),
    lockedOut: description.lockedOut.map(({ user, source, failures, remainingMs }) => ({
      user: printable(user),
      source: printable(source),
      failures,
      remainingMs: Math.round(remainingMs),
    })),
  };
}
