import { createHmac } from 'node:crypto';

/**
 * A key for a user that does not exist: HMAC-SHA1_secret(name), 20 bytes as K_uid has. The same name gets the
 * same key while `secret` stays, so that whoever asks twice learns no more than of a user that exists.
 */
export function decoyKey(secret: Uint8Array, name: Uint8Array): Uint8Array {
  return createHmac('sha1', secret).update(name).digest();
}
