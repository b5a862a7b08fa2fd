import type { CipherSuiteId, PowerRestorePolicy, PrivilegeLevel } from '@vbmc/ipmi-codec';
import type { AdmissionFigures } from './admission/datagram-admission.ts';
import type { LoginPolicy } from './login/login-guard.ts';
import type { BmcFigures } from './terms/bmc-figures.ts';
import type { RandomBytes } from './terms/random-bytes.ts';
import type { BmcIdentity } from './request/commands/handler.ts';
import type { SessionFigures } from './session-layer.ts';
import type { User } from './session/user.ts';

/** What makes one BMC another than the next. */
export interface EndpointOptions {
  readonly users: readonly User[];
  /** K_g (20 bytes), where two-key logins are wanted. */
  readonly kg?: Uint8Array;
  /** In order of preference. */
  readonly allowedCipherSuites: readonly CipherSuiteId[];
  /** What failed logins lead to. */
  readonly loginPolicy?: LoginPolicy;
  /** Whether IPMI 1.5 sessions may be opened; they are not unless told. */
  readonly allowsIpmiV15?: boolean;
  /** No session gets higher; `administrator` unless told. */
  readonly privilegeLimit?: PrivilegeLevel;
  readonly identity: BmcIdentity;
  /** As stored; by default the domain is left as it is. */
  readonly powerRestorePolicy?: PowerRestorePolicy;
  readonly random: RandomBytes;
}

/** The figures that the core knows; the shell counts the rest. */
export type EndpointFigures = SessionFigures & AdmissionFigures & Pick<BmcFigures, 'malformedDatagrams'>;
