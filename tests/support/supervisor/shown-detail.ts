import type { BmcDetail } from '#supervisor/status/bmc-detail.ts';
import type { BmcListing } from '#supervisor/status/bmc-listing.ts';

export interface ShownSettings {
  readonly connectionUri: string;
  readonly username: string;
}

/** The detail of a BMC to which nothing has happened yet. */
export function shownDetail(listing: BmcListing, { connectionUri, username }: ShownSettings): BmcDetail {
  return {
    ...listing,
    configuration: {
      connectionUri,
      libvirtSasl: false,
      users: [{ name: username, privilege: 'administrator' }],
      ...{ allow: null, loginAttempts: null, lockoutSeconds: null, kg: false },
      ...{ cipherSuites: [17, 3], ipmiV15: false, privilegeLimit: 'administrator' },
      ...{ userChanges: false, ipmiUsers: [] },
    },
    ...{ workerStartedAt: null, sessions: null, strangers: null, managedSave: null, power: null },
    ...{
      listening: [],
      eventLog: null,
      unfinishedChange: null,
      failedLogins: [],
      domainActions: [],
      virshCalls: [],
      restartCauses: [],
    },
  };
}
