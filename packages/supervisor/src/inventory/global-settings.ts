/** What the section `[vbmc]` of the inventory sets: it is about vbmcd as a whole, not about one BMC. */

/** A BMC cannot have this name. */
export const SETTINGS_SECTION = 'vbmc';

export interface ListenAddress {
  /** IPv4 or IPv6, without brackets. */
  readonly address: string;
  /** TCP. */
  readonly port: number;
}

/** Every setting may be missing: then it is off, or the system's default. */
export interface GlobalSettings {
  /** `metrics_listen = ADDRESS:PORT`: where Prometheus may fetch metrics besides the control socket. */
  readonly metricsListen?: ListenAddress;
  /** `socket_group = NAME`: the group (name or number) that may use the control socket. */
  readonly socketGroup?: string;
  /** `memory_limit_mb = N`: a worker that uses more is replaced. */
  readonly memoryLimitMb?: number;
}
