/** The metric of each figure of a BMC. */
import type { BmcCounter, BmcGauge } from '@vbmc/bmc-worker/ipc';

interface FigureMetric {
  readonly name: string;
  readonly help: string;
}

interface CounterMetric extends FigureMetric {
  /** The label that separates counters with the same metric. */
  readonly cause?: string;
}

export const gaugeMetrics: Readonly<Record<BmcGauge, FigureMetric>> = {
  activeSessions: { name: 'vbmc_sessions_active', help: 'Open sessions' },
  halfOpenSessions: { name: 'vbmc_sessions_half_open', help: 'Logins that have begun and not finished' },
  lockedOutLogins: {
    name: 'vbmc_logins_locked_out',
    help: 'User names that are locked out now, counted once per source',
  },
};

const droppedDatagrams: FigureMetric = {
  name: 'vbmc_dropped_datagrams_total',
  help: 'Datagrams dropped undecoded: too long, over the rate limit of their source, or not from an allowed network',
};

export const counterMetrics: Readonly<Record<BmcCounter, CounterMetric>> = {
  malformedDatagrams: {
    name: 'vbmc_malformed_datagrams_total',
    help: 'Datagrams that could not be decoded',
  },
  oversizedDatagrams: { ...droppedDatagrams, cause: 'oversized' },
  rateLimitedDatagrams: { ...droppedDatagrams, cause: 'rateLimited' },
  notAllowedDatagrams: { ...droppedDatagrams, cause: 'notAllowed' },
  refusedLogins: {
    name: 'vbmc_sessions_refused_total',
    help: 'Logins refused by the BMC, or given up by the remote console before it proved its password',
  },
  lockouts: { name: 'vbmc_lockouts_total', help: 'Lock-outs after failed logins' },
};
