/** A BMC with the facts about its domain, from which every format is rendered. */
import type { Secret } from '../inventory/secret.ts';

/** How the firmware boots, in the terms in which Ironic, TripleO and MAAS register a machine. */
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

/** Only exported with `--show-secrets`, or into a file that no other user can read. */
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
  /** Whether logins need K_g in addition to the password. */
  readonly needsKg: boolean;
  readonly secrets: ExportedSecrets;
  readonly domain: DomainFacts;
  /** Of the first disk; absent when unknown or smaller than 1. */
  readonly diskGib?: number;
}

/** For formats that need a password when none may be shown. With 21 bytes it is too long to be a real password. */
export const PASSWORD_PLACEHOLDER = 'PASSWORD-NOT-EXPORTED';

export function passwordOrPlaceholder({ secrets }: ExportedBmc): string {
  return secrets.password?.reveal() ?? PASSWORD_PLACEHOLDER;
}
