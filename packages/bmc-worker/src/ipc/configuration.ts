/** What a worker is configured with. It travels by messages only, because it holds passwords. */
import type { PowerRestorePolicy } from '../core/terms/domain-action.ts';
import type { EventLogSettings } from '../core/terms/event-log-settings.ts';
import type { LoginPolicy } from '../core/login/login-guard.ts';
import type { Privilege } from '../core/terms/privileges.ts';
import type { SlotAccess } from '../core/terms/user-change.ts';
import type { CipherSuiteId } from '@vbmc/ipmi-codec';

export interface BmcUser {
  /** 1 to 16 bytes. */
  readonly name: string;
  /** 1 to 20 bytes. */
  readonly password: string;
  /** The highest privilege level that this user may ask for. */
  readonly privilege: Privilege;
}

/** What clients have made of a user id that the inventory leaves free. */
export interface BmcUserSlot extends SlotAccess {
  /** Higher than those of the inventory's users, which begin at 2. */
  readonly id: number;
  /** Up to 16 and 20 bytes as hex digits; empty: none. */
  readonly name: string;
  readonly password: string;
}

/** `virsh shutdown --mode`; `both`: the agent, then ACPI if the agent does not answer. */
export const softShutdownModes = ['acpi', 'agent', 'both'] as const;
export type SoftShutdownMode = (typeof softShutdownModes)[number];

/**
 * What a virsh may expect of the connection that vbmcd keeps to another host. `standing`: it goes by `connectionUri`. `coming`: an
 * attempt is under way, and it is sooner there than a login of its own. `none`: it connects by itself.
 */
export interface KeptConnectionOutlook {
  readonly outlook: 'standing' | 'coming' | 'none';
  readonly connectionUri?: string;
}

/** Everything one worker needs. It travels by these messages only, because it holds passwords. */
export interface BmcConfiguration {
  /** The BMC's name: its section in the inventory. */
  readonly name: string;
  readonly domainName: string;
  /** IPv4 or IPv6 address to bind, where `::` is both families; or a host name. */
  readonly address: string;
  readonly port: number;
  /** In the place of an `address` that means all addresses: those of this host, for a socket each. Those of a host name. */
  readonly addresses?: readonly string[];
  readonly connectionUri: string;
  /** What becomes of the connection that is kept; `none` if absent. */
  readonly keptConnection?: KeptConnectionOutlook;
  /** A file for `LIBVIRT_AUTH_FILE` (mode 0600, written by the supervisor) when the URI needs SASL. */
  readonly libvirtAuthFile?: string;
  readonly users: readonly BmcUser[];
  /** None if absent. */
  readonly userSlots?: readonly BmcUserSlot[];
  /** Whether IPMI may change users that are not the inventory's; false if absent. */
  readonly userChanges?: boolean;
  /** Whether clients may have the watchdog timer act on the domain; true if absent. */
  readonly watchdog?: boolean;
  /** K_g, for two-key logins: 40 hex digits (20 bytes). */
  readonly kg?: string;
  /** The cipher suites that a session may have, in order of preference; at least one. */
  readonly cipherSuites: readonly CipherSuiteId[];
  /** Networks (`192.168.24.0/24`, `fd00::/8`) and addresses that may talk to the BMC; every address if absent. */
  readonly allow?: readonly string[];
  /** What failed logins lead to; the worker's default if absent. */
  readonly loginPolicy?: LoginPolicy;
  /** Whether IPMI 1.5 sessions may be opened; false if absent. */
  readonly ipmiV15?: boolean;
  /** The highest privilege of any session, whatever its user may have; `administrator` if absent. */
  readonly privilegeLimit?: Privilege;
  /** How a guest is asked to shut down; `acpi` if absent. */
  readonly softShutdownMode?: SoftShutdownMode;
  /** What operators have written on the machine; absent: what the domain's definition says. */
  readonly assetTag?: string;
  /** The chassis identify lamp as it is: on for good, or for so many more seconds; absent: dark. */
  readonly identify?: 'on' | { readonly seconds: number };
  /** 512 entries, `wrap`, if absent. */
  readonly eventLog?: EventLogSettings;
  /** The policy that the supervisor has stored; `alwaysOff`, which leaves the domain unchanged, if absent. */
  readonly powerRestorePolicy?: PowerRestorePolicy | 'unknown';
  /**
   * Whether the worker asks libvirt about its domain as soon as it is ready: its predecessor may have died during a boot,
   * or there is no domain watch. Otherwise it waits for `domainState` and `bootOverride`.
   */
  readonly readsDomainAtStart?: boolean;
  /**
   * Whether the supervisor may have a note of a start: one that is owed, or one by the power restore policy after a boot of the host.
   * Whoever switches the domain off has to call it off.
   */
  readonly owesStart?: boolean;
  /** The id of a boot override that was announced for that start, and that no start has used. */
  readonly unusedOverride?: string;
}
