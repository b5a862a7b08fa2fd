import { limits } from '../terms/limits.ts';
import { TokenBucket } from './token-bucket.ts';

/**
 * Limits the packets per second that each source may send outside a session. A hash with a secret seed assigns each
 * source to one of a fixed number of buckets. So forged addresses make no table grow and no entry disappear, and an
 * attacker cannot choose an address that shares a victim's bucket.
 */
export class SourceRates {
  readonly #buckets: (TokenBucket | undefined)[] = [];
  readonly #seed: number;

  /** `seed` is 32 unpredictable bits. */
  constructor(seed: number) {
    this.#seed = seed;
  }

  /** Takes a token; false if this source has none left now. */
  take(source: string, now: number): boolean {
    const { buckets, burst, perSecond } = limits.packetsOutsideSessions;
    const at = this.#hash(source) % buckets;
    return (this.#buckets[at] ??= new TokenBucket(burst, perSecond, now)).take(now);
  }

  /**
   * FNV-1a that starts from the seed, finished by the last steps of MurmurHash3, so that every output bit depends on
   * every input bit.
   */
  #hash(source: string): number {
    let hash = this.#seed;
    for (let at = 0; at < source.length; at += 1) hash = Math.imul(hash ^ source.charCodeAt(at), 0x01000193);
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    return (hash ^ (hash >>> 16)) >>> 0;
  }
}
