import { codesEqual, MAXIMUM_USER_NAME_LENGTH, type PrivilegeLevel } from '@vbmc/ipmi-codec';

/** A user of the BMC. The key is a private field and has no printable form. */
export class User {
  /** For logs and events. */
  readonly displayName: string;
  /** The highest privilege level that this user may have. */
  readonly privilegeLimit: PrivilegeLevel;
  /** Padded with zeros, then the length: names compare in the same time whether they have one or not. */
  readonly #paddedName = new Uint8Array(MAXIMUM_USER_NAME_LENGTH + 1);
  readonly #kuid: Uint8Array;

  /** `nameBytes` is at most 16 bytes, `kuid` (K_uid, the password) at most 20. */
  constructor(displayName: string, nameBytes: Uint8Array, kuid: Uint8Array, privilegeLimit: PrivilegeLevel) {
    this.displayName = displayName;
    this.#paddedName.set(nameBytes);
    this.#paddedName[MAXIMUM_USER_NAME_LENGTH] = nameBytes.length;
    this.#kuid = kuid;
    this.privilegeLimit = privilegeLimit;
  }

  /** 16 bytes, filled up with zeros. */
  paddedName(): Uint8Array {
    return this.#paddedName.subarray(0, MAXIMUM_USER_NAME_LENGTH);
  }

  /** Whether the other one has the same name; takes the same time for every name. */
  isNamed(other: User): boolean {
    return codesEqual(this.#paddedName, other.#paddedName);
  }

  /** Whether a session of one could as well be a session of the other: same name, password and privilege. */
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
 * A user name off the wire as text that is safe in a log: bytes outside printable ASCII become `\xNN`, and what is
 * longer than a name may be is cut off. Anybody can send names, 255 bytes long, as often as he likes.
 */
export function printableName(name: Uint8Array): string {
  let text = '';
  for (const byte of name.subarray(0, MAXIMUM_USER_NAME_LENGTH)) {
    text +=
      byte > 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`;
  }
  return name.length > MAXIMUM_USER_NAME_LENGTH ? `${text}…` : text;
}
