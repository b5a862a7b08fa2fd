/** The host's network as a BMC's clients see it. Each address is in dotted form, a MAC address in pairs of hex digits with colons. */
export interface LanFacts {
  /** UDP. */
  readonly port: number;
  /** The IPv4 address that the BMC answers on; absent: it has none. */
  readonly address?: string;
  readonly subnetMask?: string;
  /** Of the interface that has this address. */
  readonly macAddress?: string;
  /** Of the default route by that interface. */
  readonly gateway?: string;
}
