/** What `GET /v1/status` says, and `vbmc status` shows. Every key is always there. */
import type { BmcStatus } from '../status/bmc-listing.ts';

export interface LastReload {
  /** ISO 8601 in UTC. */
  readonly at: string;
  readonly outcome: 'applied' | 'rejected';
}

export interface DaemonStatus {
  readonly version: string;
  readonly pid: number;
  /** ISO 8601 in UTC. */
  readonly startedAt: string;
  readonly uptimeSeconds: number;
  readonly inventoryPath: string;
  /** `null` when the inventory is the one of the start. */
  readonly lastReload: LastReload | null;
  readonly bmcs: {
    readonly total: number;
    /** States without a BMC are left out. */
    readonly byStatus: Readonly<Partial<Record<BmcStatus, number>>>;
  };
}

export function countByStatus(statuses: readonly BmcStatus[]): DaemonStatus['bmcs'] {
  const byStatus: Partial<Record<BmcStatus, number>> = {};
  for (const status of statuses) byStatus[status] = (byStatus[status] ?? 0) + 1;
  return { total: statuses.length, byStatus };
}
