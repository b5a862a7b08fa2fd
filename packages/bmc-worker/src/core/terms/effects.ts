import type { BmcEvent } from './bmc-event.ts';
import type { DomainAction } from './domain-action.ts';
import type { RemoteAddress } from './remote-address.ts';

/** What the endpoint wants done by the shell. */
export type Effect =
  | { readonly kind: 'transmit'; readonly to: RemoteAddress; readonly datagram: Uint8Array }
  /** To be carried out, and its outcome handed back under the same id. */
  | { readonly kind: 'domainAction'; readonly id: number; readonly action: DomainAction }
  | { readonly kind: 'event'; readonly event: BmcEvent };
