import { codesEqual, MAXIMUM_USER_NAME_LENGTH, type PrivilegeLevel } from '@vbmc/ipmi-codec';

/** A user of the BMC. The key is a private field and has no printable form. */
export class User {
  /** For logs and events. */
  readonly displayName: string;
  /** The highest privilege level that this user may have. */
  readonly privilegeLimit: PrivilegeLevel;
  /** Padded with zeros, then the length, so that names of any length compare in the same time. */
  readonly #paddedName = new Uint8Array(MAXIMUM_USER_NAME_LENGTH + 1);
  readonly #kuid: Uint8Array;

  /** `nameBytes` has at most 16 bytes, `kuid` (K_uid, the password) at most 20. */
  constructor(displayName: string, nameBytes: Uint8Array, kuid: Uint8Array, privilegeLimit: PrivilegeLevel) {
    this.displayName = displayName;
    this.#paddedName.set(nameBytes);
    this.#paddedName[MAXIMUM_USER_NAME_LENGTH] = nameBytes.length;
    this.#kuid = kuid;
    this.privilegeLimit = privilegeLimit;
  }

  /** 16 bytes, padded with zeros. */
  paddedName(): Uint8Array {
    return this.#paddedName.subarray(0, MAXIMUM_USER_NAME_LENGTH);
  }

  /** Whether both users have the same name; takes the same time for every name. */
  isNamed(other: User): boolean {
    return codesEqual(this.#paddedName, other.#paddedName);
  }

  /**
   * Whether both users have the same name, password and privilege limit, so that sessions may continue after a reload.
   */
  equals(other: User): boolean {
    return (
      this.privilegeLimit === other.privilegeLimit &&
      this.isNamed(other) &&
      codesEqual(this.#kuid, other.#kuid)
    );
  }

  /** K_uid (v2.0§13.31): the key of RAKP's codes. */
  kuid(): Uint8Array {
    return this.#kuid;
  }
}

/**
 * A user name from the wire as text that is safe in a log: bytes outside printable ASCII become `\xNN`, and names of
 * more than 16 bytes are cut off. Unauthenticated senders can send names of up to 255 bytes without limit.
 */
export function printableName(name: Uint8Array): string {
  let text = '';
  for (const byte of name.subarray(0, MAXIMUM_USER_NAME_LENGTH)) {
    text +=
      byte > 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`;
  }
  return name.length > MAXIMUM_USER_NAME_LENGTH ? `${text}…` : text;
}
