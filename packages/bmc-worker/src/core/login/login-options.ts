import type { cipherSuites, CipherSuiteId, PrivilegeLevel } from '@vbmc/ipmi-codec';
import type { BmcDevice } from '../domain/bmc-device.ts';
import type { BmcUsers } from '../session/user-directory.ts';
import type { Effect } from '../terms/effects.ts';
import type { RandomBytes } from '../terms/random-bytes.ts';
import type { LoginPolicy } from './login-guard.ts';

/** What logins by IPMI 1.5 and 2.0 depend on. */
export interface LoginOptions extends BmcUsers {
  /** K_g (20 bytes), for two-key logins. */
  readonly kg?: Uint8Array;
  /** In order of preference. */
  readonly cipherSuites: readonly (typeof cipherSuites)[CipherSuiteId][];
  /** The highest level of any session of this BMC. */
  readonly privilegeLimit: PrivilegeLevel;
  readonly loginPolicy: LoginPolicy;
  readonly device: BmcDevice;
  readonly random: RandomBytes;
  readonly emit: (effect: Effect) => void;
}
