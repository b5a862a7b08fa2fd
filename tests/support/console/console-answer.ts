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
  /** The data, decoded by the request's command; undefined if the completion code is not 0. */
  readonly value: unknown;
  /** The whole message, for tests that check addresses and raw data. */
  readonly message: IpmiMessage;
  readonly insideSession: boolean;
}

/** How a remote console understood one datagram. */
export type ConsoleAnswer =
  | { readonly kind: 'pong'; readonly messageTag: number }
  | { readonly kind: 'openSessionResponse'; readonly message: OpenSessionResponse }
  /** `verified` is true if the key exchange authentication code matches the console's password. */
  | { readonly kind: 'rakpMessage2'; readonly message: RakpMessage2; readonly verified: boolean }
  /** `verified` is true if the integrity check value matches the console's session integrity key. */
  | { readonly kind: 'rakpMessage4'; readonly message: RakpMessage4; readonly verified: boolean }
  | { readonly kind: 'refusal'; readonly of: HandshakeRequest; readonly refusal: HandshakeRefusal }
  | ConsoleResponse
  /** A datagram that the console does not wait for: malformed, forged, late or of another session. */
  | { readonly kind: 'ignored'; readonly reason: string };

export type HandshakeRequest = 'openSessionRequest' | 'rakpMessage1' | 'rakpMessage3';
