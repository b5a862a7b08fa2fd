import type { CipherSuite } from '@vbmc/ipmi-codec';
import type { BmcDevice } from './device/bmc-device.ts';
import type { Session } from './session.ts';

/** How this BMC presents itself. */
export interface BmcIdentity {
  readonly firmwareMajorRevision: number;
  readonly firmwareMinorRevision: number;
}

export interface SessionDirectory {
  /** A session by the id that the BMC chose. */
  find(managedSystemSessionId: number): Session | undefined;
  /** Sessions that are active. */
  active(): readonly Session[];
  /** Ends a session as soon as the present request is answered. */
  close(session: Session): void;
}

/** What a handler may look at and change. */
export interface RequestContext {
  /** Undefined for a request before a session. */
  readonly session: Session | undefined;
  readonly device: BmcDevice;
  /** The time of the request, in milliseconds. */
  readonly now: number;
  readonly identity: BmcIdentity;
  readonly cipherSuites: readonly CipherSuite[];
  /** Whether logins need K_g beside the password. */
  readonly hasKg: boolean;
  readonly sessions: SessionDirectory;
}
