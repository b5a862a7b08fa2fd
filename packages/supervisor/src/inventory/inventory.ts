/** The content of an inventory: one entry per BMC, valid or not, and all problems. Pure. */
import type { CipherSuiteId, EventLogSettings, Privilege, SoftShutdownMode } from '@vbmc/bmc-worker/ipc';
import type { Secret } from './secret.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { GlobalSettings } from './global-settings.ts';

/** A user who may log in to a BMC. */
export interface UserSettings {
  readonly name: string;
  readonly password: Secret;
  readonly privilege: Privilege;
}

export interface SaslCredentials {
  readonly username: string;
  readonly password: Secret;
}

/** The settings of one BMC, checked and complete. */
export interface BmcSettings {
  readonly name: string;
  readonly domainName: string;
  readonly address: string;
  readonly port: number;
  /** At least one, each name once; the section's own `username` is the first and an administrator. */
  readonly users: readonly UserSettings[];
  /** K_g, the key of the BMC that two-key logins need in addition to the password: 40 hex digits. */
  readonly kg?: Secret;
  /** The cipher suites that a session may have, in order of preference. */
  readonly cipherSuites: readonly CipherSuiteId[];
  /** Whether IPMI 1.5 sessions may be opened. */
  readonly ipmiV15: boolean;
  /** No session of this BMC gets a higher privilege, whatever its user may have. */
  readonly privilegeLimit: Privilege;
  /** Whether IPMI may change users beside those of the inventory. */
  readonly userChanges: boolean;
  /** Whether clients may have the watchdog timer act on the domain. */
  readonly watchdog: boolean;
  readonly connectionUri: string;
  readonly saslCredentials?: SaslCredentials;
  /** Networks and addresses that may reach it; absent: all of them. */
  readonly allow?: readonly string[];
  /** After how many failed logins in a row a user name is locked out at their source address; 0: never. */
  readonly loginAttempts: number;
  readonly lockoutSeconds: number;
  /** What is written on the machine; absent: what the domain's definition says. */
  readonly assetTag?: string;
  /** How a guest is asked to shut down. */
  readonly softShutdownMode: SoftShutdownMode;
  readonly eventLog: EventLogSettings;
  /** A BMC that is not active is listed and not started. */
  readonly active: boolean;
}

export interface ValidEntry {
  readonly valid: true;
  /** The file of the include directory that has the section; absent for the inventory itself. */
  readonly file?: string;
  /** Line of the section header, 1-based. */
  readonly line: number;
  readonly settings: BmcSettings;
}

export interface InvalidEntry {
  readonly valid: false;
  readonly file?: string;
  readonly line: number;
  readonly name: string;
  /** For the list: as far as it could be read. */
  readonly domainName: string | null;
  readonly address: string | null;
  readonly port: number | null;
  /** Why it does not start; at least one. */
  readonly errors: readonly Diagnostic[];
}

export type InventoryEntry = ValidEntry | InvalidEntry;

export interface Inventory {
  /** The settings in `[vbmc]`; one with an error is missing. */
  readonly settings: GlobalSettings;
  /** In the order of the files; each name appears once. */
  readonly entries: readonly InventoryEntry[];
  /** All errors and warnings, each once, sorted by file and line. */
  readonly diagnostics: readonly Diagnostic[];
}
