/** Who asks libvirt for `vbmc doctor`: vbmcd, where one runs, or this process. */
import type { SaslCredentials } from '../../inventory/inventory.ts';
import { askingUser } from '../../virsh/asking-user.ts';
import {
  reportConnection,
  type ConnectionReport,
  type ConnectionReports,
} from '../../virsh/connection-report.ts';
import type { VirshQueries } from '../../virsh/virsh-query.ts';
import { fetchJson } from '../control-client.ts';
import { ControlFailure } from '../errors.ts';

/** Three questions of virsh, two of them at the same time, with 10 s each. */
const REPORT_DEADLINE_MS = 25_000;

export interface AskedConnections {
  /** The user who asks libvirt. */
  readonly user: string;
  /** `undefined`: vbmcd does not know this connection. */
  readonly report: (
    connectionUri: string,
    options: {
      readonly credentials: SaslCredentials | undefined;
      /** False where libvirt owes an answer about a domain: it would answer the list as late. */
      readonly mayList: boolean;
    },
  ) => Promise<ConnectionReport | undefined>;
}

/** Asks with the rights of this process, or of the service's user where this process is root's. */
export function askOurselves(virsh: VirshQueries): AskedConnections {
  return {
    user: askingUser().name,
    report: (connectionUri, { credentials, mayList }) =>
      reportConnection(virsh, connectionUri, { access: credentials, mayList }),
  };
}

/** Asks vbmcd, which meets libvirt as its workers do: same user, same sandbox. `undefined`: vbmcd cannot be asked. */
export async function askDaemon(runDirectory: string): Promise<AskedConnections | undefined> {
  try {
    const { user, connections } = await fetchJson<ConnectionReports>(
      runDirectory,
      '/v1/connections',
      ['user', 'connections'],
      REPORT_DEADLINE_MS,
    );
    const reports = new Map(connections.map((report) => [report.connectionUri, report]));
    return { user, report: (connectionUri) => Promise.resolve(reports.get(connectionUri)) };
  } catch (error) {
    if (error instanceof ControlFailure) return undefined;
    throw error;
  }
}
