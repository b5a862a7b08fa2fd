/** What is known of a BMC and of its domain: what every format is written from. */
import type { Secret } from '../inventory/secret.ts';

/** As Ironic, TripleO and MAAS register a machine: what its firmware starts systems by. */
export type BootMode = 'bios' | 'uefi';

export interface DomainFacts {
  readonly uuid: string;
  /** In the order of the network cards, lower case. */
  readonly macs: readonly string[];
  readonly cpus: number;
  readonly memoryMib: number;
  /** As libvirt spells it: `x86_64`, `aarch64`. */
  readonly architecture: string;
  readonly bootMode: BootMode;
}

/** What only whoever may see them gets: on `--show-secrets`, or in a file that nobody else can read. */
export interface ExportedSecrets {
  /** Absent when it cannot be read here (systemd's credentials are there for the service only). */
  readonly password?: Secret;
  /** K_g: 40 hex digits. */
  readonly kg?: Secret;
}

export interface ExportedBmc {
  readonly name: string;
  readonly domainName: string;
  readonly connectionUri: string;
  /** Where others reach it: never a wildcard. */
  readonly address: string;
  readonly port: number;
  readonly username: string;
  /** Whether logins need K_g beside the password. */
  readonly needsKg: boolean;
  readonly secrets: ExportedSecrets;
  readonly domain: DomainFacts;
  /** Of the first disk; absent when unknown or smaller than 1. */
  readonly diskGib?: number;
}

/** Stands where a format needs a password and none may be shown. IPMI carries 20 bytes: it can be nobody's. */
export const PASSWORD_PLACEHOLDER = 'PASSWORD-NOT-EXPORTED';

export function passwordOrPlaceholder({ secrets }: ExportedBmc): string {
  return secrets.password?.reveal() ?? PASSWORD_PLACEHOLDER;
}

/** Keys whose value is known: the others are left out. */
export function known(
  values: Readonly<Record<string, string | number | undefined>>,
): Readonly<Record<string, string | number>> {
  const entries = Object.entries(values).filter(
    (entry): entry is [string, string | number] => entry[1] !== undefined,
  );
  return Object.fromEntries(entries);
}
