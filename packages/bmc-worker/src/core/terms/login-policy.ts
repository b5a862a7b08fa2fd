/** How a BMC treats failed logins in a row. */
export interface LoginPolicy {
  /** This many failures lock the user name out at the address that they came from; 0 turns lock-outs and delays off. */
  readonly attempts: number;
  /** How long a lock-out lasts. */
  readonly lockoutMs: number;
}
