import type { WorkerMessage } from '@vbmc/bmc-worker/ipc';
import type { ShownStrangers } from './bmc-detail.ts';
import { printable } from '../text/printable.ts';

/** The worker's description, as far as it is about strangers. User names and sources come from the network. */
export function showStrangers(description: Extract<WorkerMessage, { type: 'description' }>): ShownStrangers {
  return {
    halfOpenSessions: description.halfOpenSessions,
    refusedLogins: description.refusedLogins,
    lockouts: description.lockouts,
    malformedDatagrams: description.malformedDatagrams,
    oversizedDatagrams: description.oversizedDatagrams,
    rateLimitedDatagrams: description.rateLimitedDatagrams,
    notAllowedDatagrams: description.notAllowedDatagrams,
    lockedOutLogins: description.lockedOutLogins,
    lockedOut: description.lockedOut.map(({ user, source, failures, remainingMs }) => ({
      user: printable(user),
      source: printable(source),
      failures,
      remainingMs: Math.round(remainingMs),
    })),
  };
}
