import { limits } from '../terms/limits.ts';
import { TokenBucket } from './token-bucket.ts';

/**
 * How many packets a second each source may send outside a session. A fixed number of buckets, and a hash with a
 * secret seed that says whose is which: nothing grows or is forgotten however many addresses are forged, and nobody
 * can pick one that shares a bucket with somebody else's.
 */
export class SourceRates {
  readonly #buckets: (TokenBucket | undefined)[] = [];
  readonly #seed: number;

  /** `seed`: 32 unpredictable bits. */
  constructor(seed: number) {
    this.#seed = seed;
  }

  /** Whether one more packet of this source may be looked at now. */
  take(source: string, now: number): boolean {
    const { buckets, burst, perSecond } = limits.packetsOutsideSessions;
    const at = this.#hash(source) % buckets;
    return (this.#buckets[at] ??= new TokenBucket(burst, perSecond, now)).take(now);
  }

  /** FNV-1a from a secret start, with the last steps of MurmurHash3, after which each bit depends on each. */
  #hash(source: string): number {
    let hash = this.#seed;
    for (let at = 0; at < source.length; at += 1) hash = Math.imul(hash ^ source.charCodeAt(at), 0x01000193);
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    return (hash ^ (hash >>> 16)) >>> 0;
  }
}
