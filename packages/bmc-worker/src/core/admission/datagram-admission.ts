import { ByteReader, peekSessionId } from '@vbmc/ipmi-codec';
import type { BmcFigures } from '../terms/bmc-figures.ts';
import { limits } from '../terms/limits.ts';
import type { RandomBytes } from '../terms/random-bytes.ts';
import type { RemoteAddress } from '../terms/remote-address.ts';
import type { Session } from '../session/session.ts';
import { SourceRates } from './source-rates.ts';
import { sourceOf } from '../terms/source.ts';

export type AdmissionFigures = Pick<BmcFigures, 'oversizedDatagrams' | 'rateLimitedDatagrams'>;

/** Finds a session by the id that the BMC chose. */
export interface SessionLookup {
  find(managedSystemSessionId: number): Pick<Session, 'phase'> | undefined;
}

/** Decides which datagrams the endpoint processes, before anything is decoded. */
export class DatagramAdmission {
  readonly #sessions: SessionLookup;
  readonly #rates: SourceRates;
  readonly #refused = { oversizedDatagrams: 0, rateLimitedDatagrams: 0 };

  constructor(sessions: SessionLookup, random: RandomBytes) {
    this.#sessions = sessions;
    this.#rates = new SourceRates(new ByteReader(random(4)).u32());
  }

  /** Datagrams refused since the worker started. */
  get figures(): AdmissionFigures {
    return this.#refused;
  }

  /**
   * A packet that names an active session is always admitted: an attacker who floods from a forged address does not
   * know the session's id. If the attacker does know it, the integrity check refuses the packet.
   */
  admits(from: RemoteAddress, datagram: Uint8Array, now: number): boolean {
    if (datagram.length > limits.datagramBytes) {
      this.#refused.oversizedDatagrams += 1;
      return false;
    }
    if (this.#sessions.find(peekSessionId(datagram))?.phase === 'active') return true;
    if (this.#rates.take(sourceOf(from.address), now)) return true;
    this.#refused.rateLimitedDatagrams += 1;
    return false;
  }
}
