/** The settings of vbmcd as a whole, in the section `[vbmc]` of the inventory. */

/** No BMC can have this name. */
export const SETTINGS_SECTION = 'vbmc';

export interface ListenAddress {
  /** IPv4 or IPv6, without brackets. */
  readonly address: string;
  /** TCP. */
  readonly port: number;
}

/** A missing setting is off, or has the system's default. */
export interface GlobalSettings {
  /** `metrics_listen = ADDRESS:PORT`: where Prometheus may fetch metrics, in addition to the control socket. */
  readonly metricsListen?: ListenAddress;
  /** `socket_group = NAME`: the group (name or number) that may use the control socket. */
  readonly socketGroup?: string;
  /** `memory_limit_mb = N`: a worker that uses more is replaced. */
  readonly memoryLimitMb?: number;
  /** `allow_removal = yes`: a program writes this inventory, and may remove all BMCs by it. */
  readonly allowRemoval?: boolean;
  /** `virtualbmc_defaults = yes`: a BMC without a password has VirtualBMC's. */
  readonly virtualBmcDefaults?: boolean;
}
