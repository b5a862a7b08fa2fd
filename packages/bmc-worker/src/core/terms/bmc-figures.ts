/** A BMC's network side in numbers: each name is written here, and both processes derive the rest. */

/** How many there are at present. */
export const bmcGauges = [
  'activeSessions',
  /** Logins that have begun and not finished. */
  'halfOpenSessions',
  /** Locked-out user names, counted once per source address. */
  'lockedOutLogins',
] as const;
export type BmcGauge = (typeof bmcGauges)[number];

/** How many there were since the worker's start. */
export const bmcCounters = [
  /** Datagrams that could not be decoded. */
  'malformedDatagrams',
  /** Datagrams longer than any remote console sends; dropped undecoded. */
  'oversizedDatagrams',
  /** Datagrams outside a session, over the rate limit of their source; dropped undecoded. */
  'rateLimitedDatagrams',
  /** Datagrams from an address outside `allow`; dropped undecoded. */
  'notAllowedDatagrams',
  /** Logins that the BMC refused or the remote console gave up. */
  'refusedLogins',
  'lockouts',
] as const;
export type BmcCounter = (typeof bmcCounters)[number];

export const bmcFigures = [...bmcGauges, ...bmcCounters] as const;

export type BmcGauges = Readonly<Record<BmcGauge, number>>;
export type BmcCounters = Readonly<Record<BmcCounter, number>>;
export type BmcFigures = Readonly<Record<BmcGauge | BmcCounter, number>>;

/** An object with a value for each name. */
export function valuesByName<Name extends string, Value>(
  names: readonly Name[],
  valueOf: (name: Name) => Value,
): Readonly<Record<Name, Value>> {
  return Object.fromEntries(names.map((name) => [name, valueOf(name)])) as Record<Name, Value>;
}

export const noGauges: BmcGauges = valuesByName(bmcGauges, () => 0);
export const noCounters: BmcCounters = valuesByName(bmcCounters, () => 0);
