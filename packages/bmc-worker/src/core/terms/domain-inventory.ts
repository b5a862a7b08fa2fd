/**
 * What the domain's virtual hardware says of itself, in the words of SMBIOS: the same as `dmidecode` prints in the guest. Absent: the
 * definition does not tell.
 */

/** SMBIOS types 1 to 3. Libvirt lets a definition set all of them. */
export interface SystemStrings {
  readonly manufacturer?: string;
  readonly product?: string;
  readonly version?: string;
  readonly serial?: string;
  readonly sku?: string;
}

export interface PartStrings {
  readonly manufacturer?: string;
  readonly product?: string;
  readonly version?: string;
  readonly serial?: string;
  readonly asset?: string;
  readonly sku?: string;
}

export interface DomainInventory {
  readonly domainName: string;
  readonly title?: string;
  readonly uuid?: string;
  /** Type 0; absent where the firmware itself says it. */
  readonly biosVersion?: string;
  readonly system: SystemStrings;
  /** Absent: the machine shows no base board. */
  readonly baseBoard?: PartStrings;
  readonly chassis: PartStrings;
}
