import type {
  HandshakeRefusal,
  IpmiMessage,
  OpenSessionResponse,
  RakpMessage2,
  RakpMessage4,
} from '@vbmc/ipmi-codec';

/** The answer to an IPMI request. */
export interface ConsoleResponse {
  readonly kind: 'response';
  readonly rqSeq: number;
  readonly completionCode: number;
  /** Decoded by the request's own command; undefined when the completion code is not 0. */
  readonly value: unknown;
  /** The whole message, for tests that look at addresses and at the data. */
  readonly message: IpmiMessage;
  readonly insideSession: boolean;
}

/** What a remote console made of one datagram. */
export type ConsoleAnswer =
  | { readonly kind: 'pong'; readonly messageTag: number }
  | { readonly kind: 'openSessionResponse'; readonly message: OpenSessionResponse }
  /** `verified`: the key exchange authentication code is the one that our password gives. */
  | { readonly kind: 'rakpMessage2'; readonly message: RakpMessage2; readonly verified: boolean }
  /** `verified`: the integrity check value is the one that our session integrity key gives. */
  | { readonly kind: 'rakpMessage4'; readonly message: RakpMessage4; readonly verified: boolean }
  | { readonly kind: 'refusal'; readonly of: HandshakeRequest; readonly refusal: HandshakeRefusal }
  | ConsoleResponse
  /** Nothing that this console waits for: malformed, forged, late or somebody else's. */
  | { readonly kind: 'ignored'; readonly reason: string };

export type HandshakeRequest = 'openSessionRequest' | 'rakpMessage1' | 'rakpMessage3';
