/** What `GET /v1/status` answers and `vbmc status` prints. Every key is always present. */
import type { VirtualBmcEnvironment } from '../virtualbmc/find-directory.ts';
import type { KeptDescription } from '../kept-connections/kept-connections.ts';
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
  /** `null` unless `VIRTUALBMC_CONFIG` is set for vbmcd, whose inventory VirtualBMC's own files are a part of then. */
  readonly virtualBmc: VirtualBmcEnvironment | null;
  /** `null` before the first reload. */
  readonly lastReload: LastReload | null;
  /** The connections by ssh that vbmcd keeps. */
  readonly keptConnections: readonly KeptDescription[];
  readonly bmcs: {
    readonly total: number;
    /** Without statuses that no BMC has. */
    readonly byStatus: Readonly<Partial<Record<BmcStatus, number>>>;
  };
}

export function countByStatus(statuses: readonly BmcStatus[]): DaemonStatus['bmcs'] {
  const byStatus: Partial<Record<BmcStatus, number>> = {};
  for (const status of statuses) byStatus[status] = (byStatus[status] ?? 0) + 1;
  return { total: statuses.length, byStatus };
}
