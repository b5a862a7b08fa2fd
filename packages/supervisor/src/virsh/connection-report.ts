/** What libvirt answers on each connection of the inventory, as `vbmc doctor` tells it. */
import type { VirshConnection } from '@vbmc/bmc-worker/libvirt';
import type { DomainList, VirshAccess, VirshAnswer, VirshQueries } from './virsh-query.ts';

export interface ConnectionReport {
  readonly connectionUri: string;
  /** Not asked where libvirt would wait for one of them. */
  readonly domains?: DomainList;
  /** Whether this user may power domains on and off. */
  readonly managing: VirshAnswer;
  /** The domains with an image of their memory; not asked where something else has failed. */
  readonly managedSaves?: DomainList;
}

/** The answer to `GET /v1/connections`. */
export interface ConnectionReports {
  /** Who has asked. */
  readonly user: string;
  readonly connections: readonly ConnectionReport[];
}

/** A connection that BMCs use. */
export interface UsedConnection extends VirshConnection {
  /** Whether libvirt owes no answer about a domain of it. */
  readonly mayList: boolean;
}

export async function reportConnection(
  virsh: VirshQueries,
  connectionUri: string,
  { access, mayList }: { readonly access: VirshAccess | undefined; readonly mayList: boolean },
): Promise<ConnectionReport> {
  const [domains, managing] = await Promise.all([
    mayList ? virsh.listDomains(connectionUri, access) : undefined,
    virsh.mayManage(connectionUri, access),
  ]);
  if (domains === undefined) return { connectionUri, managing };
  const report = { connectionUri, domains, managing };
  if (!domains.ok || !managing.ok) return report;
  return { ...report, managedSaves: await virsh.listManagedSaves(connectionUri, access) };
}

/**
 * Asks all connections at the same time, so that one that hangs delays no other. Clients who ask meanwhile get the same answer:
 * however many ask, libvirt is asked once at a time.
 */
export function connectionReporter(
  user: string,
  connections: () => readonly UsedConnection[],
  virsh: VirshQueries,
): () => Promise<ConnectionReports> {
  let underWay: Promise<ConnectionReports> | undefined;
  const ask = async (): Promise<ConnectionReports> => {
    const reports = connections().map(({ connectionUri, libvirtAuthFile: authFile, mayList }) =>
      reportConnection(virsh, connectionUri, {
        access: authFile === undefined ? undefined : { authFile },
        mayList,
      }),
    );
    return { user, connections: await Promise.all(reports) };
  };
  return () => {
    underWay ??= ask().finally(() => {
      underWay = undefined;
    });
    return underWay;
  };
}
