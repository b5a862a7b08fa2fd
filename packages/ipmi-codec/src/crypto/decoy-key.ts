import { createHmac } from 'node:crypto';

/**
 * A key for a user that does not exist: HMAC-SHA1_secret(name), 20 bytes like K_uid. The same name always gets the same
 * key under one `secret`, so a client that asks twice cannot tell an unknown user from a known one.
 */
export function decoyKey(secret: Uint8Array, name: Uint8Array): Uint8Array {
  return createHmac('sha1', secret).update(name).digest();
}
