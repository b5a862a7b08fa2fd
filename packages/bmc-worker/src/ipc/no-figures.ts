import type { BmcFigures } from './protocol.ts';

/** Of a BMC that nobody has spoken to; its socket may not even be bound. */
export const noFigures: BmcFigures = {
  activeSessions: 0,
  halfOpenSessions: 0,
  lockedOutLogins: 0,
  malformedDatagrams: 0,
  oversizedDatagrams: 0,
  rateLimitedDatagrams: 0,
  notAllowedDatagrams: 0,
  refusedLogins: 0,
  lockouts: 0,
};
