import { createHmac, timingSafeEqual } from 'node:crypto';
import { ByteWriter } from '../bytes/byte-writer.ts';
import type { AuthenticationAlgorithm } from '../terms/cipher-suite.ts';

/**
 * The authentication algorithms that this codec implements. With `none`, every code and key is empty (v2.0§13.28.2).
 */
export type RakpAlgorithm = Extract<AuthenticationAlgorithm, 'none' | 'rakpHmacSha1' | 'rakpHmacSha256'>;

const hashes = { rakpHmacSha1: 'sha1', rakpHmacSha256: 'sha256' } as const;

/** Bytes that are left of RAKP Message 4's HMAC, by *authentication* algorithm (v2.0§13.28.1, §13.28.1b). */
const integrityCheckValueLengths: Record<RakpAlgorithm, number> = {
  none: 0,
  rakpHmacSha1: 12,
  rakpHmacSha256: 16,
};

/** Const 1 and const 2 have 20 bytes with every hash (v2.0§13.32). */
const const1 = new Uint8Array(20).fill(0x01);
const const2 = new Uint8Array(20).fill(0x02);

/** All inputs of RAKP's codes and keys except the passwords (v2.0§13.31). */
export interface RakpExchange {
  /** SID_M: the session id that the remote console chose. */
  readonly remoteConsoleSessionId: number;
  /** SID_C: the session id that the BMC chose. */
  readonly managedSystemSessionId: number;
  /** R_M: 16 random bytes of the remote console. */
  readonly remoteConsoleRandomNumber: Uint8Array;
  /** R_C: 16 random bytes of the BMC. */
  readonly managedSystemRandomNumber: Uint8Array;
  /** GUID_C: the BMC's GUID, 16 bytes. */
  readonly managedSystemGuid: Uint8Array;
  /** Role_M: the whole role byte of RAKP Message 1. */
  readonly role: number;
  /** UName_M: the user name, at most 16 bytes. */
  readonly userName: Uint8Array;
}

function hmac(algorithm: RakpAlgorithm, key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array {
  if (algorithm === 'none') return new Uint8Array(0);
  const mac = createHmac(hashes[algorithm], key);
  for (const part of parts) mac.update(part);
  return mac.digest();
}

function u32(value: number): Uint8Array {
  return new ByteWriter(4).u32(value).bytes;
}

/** Role_M ‖ ULength_M ‖ UName_M */
function roleAndUser({ role, userName }: RakpExchange): Uint8Array {
  return new ByteWriter(2 + userName.length).u8(role).u8(userName.length).put(userName).bytes;
}

/** RAKP Message 2: HMAC_Kuid(SID_M ‖ SID_C ‖ R_M ‖ R_C ‖ GUID_C ‖ Role_M ‖ ULength_M ‖ UName_M) */
export function rakpMessage2Code(
  algorithm: RakpAlgorithm,
  kuid: Uint8Array,
  exchange: RakpExchange,
): Uint8Array {
  return hmac(
    algorithm,
    kuid,
    u32(exchange.remoteConsoleSessionId),
    u32(exchange.managedSystemSessionId),
    exchange.remoteConsoleRandomNumber,
    exchange.managedSystemRandomNumber,
    exchange.managedSystemGuid,
    roleAndUser(exchange),
  );
}

/** RAKP Message 3: HMAC_Kuid(R_C ‖ SID_M ‖ Role_M ‖ ULength_M ‖ UName_M) */
export function rakpMessage3Code(
  algorithm: RakpAlgorithm,
  kuid: Uint8Array,
  exchange: RakpExchange,
): Uint8Array {
  return hmac(
    algorithm,
    kuid,
    exchange.managedSystemRandomNumber,
    u32(exchange.remoteConsoleSessionId),
    roleAndUser(exchange),
  );
}

/** SIK = HMAC_Kg(R_M ‖ R_C ‖ Role_M ‖ ULength_M ‖ UName_M); if no K_g is set, K_uid is used instead (v2.0§13.31). */
export function sessionIntegrityKey(
  algorithm: RakpAlgorithm,
  kg: Uint8Array,
  exchange: RakpExchange,
): Uint8Array {
  return hmac(
    algorithm,
    kg,
    exchange.remoteConsoleRandomNumber,
    exchange.managedSystemRandomNumber,
    roleAndUser(exchange),
  );
}

/** RAKP Message 4: HMAC_SIK(R_M ‖ SID_C ‖ GUID_C), truncated to 0, 12 or 16 bytes. */
export function rakpMessage4Value(
  algorithm: RakpAlgorithm,
  sik: Uint8Array,
  exchange: RakpExchange,
): Uint8Array {
  return hmac(
    algorithm,
    sik,
    exchange.remoteConsoleRandomNumber,
    u32(exchange.managedSystemSessionId),
    exchange.managedSystemGuid,
  ).subarray(0, integrityCheckValueLengths[algorithm]);
}

/** K1 = HMAC_SIK(const 1): the integrity key (v2.0§13.32). */
export function k1(algorithm: RakpAlgorithm, sik: Uint8Array): Uint8Array {
  return hmac(algorithm, sik, const1);
}

/** K2 = HMAC_SIK(const 2): the confidentiality key. */
export function k2(algorithm: RakpAlgorithm, sik: Uint8Array): Uint8Array {
  return hmac(algorithm, sik, const2);
}

/** Compares authentication codes in constant time; false if the lengths differ. */
export function codesEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
