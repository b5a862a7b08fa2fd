import type { AlgorithmNumbers, CipherSuiteId, PayloadType, PrivilegeLevel } from '@vbmc/ipmi-codec';
import type { DomainEvent, DomainFailureKind, DomainState } from '#worker/core/terms/domain-action.ts';
import type { Mutation } from './mutation.ts';

/** How the besieged BMC is configured. */
export interface SiegeSettings {
  readonly allowedCipherSuites: readonly CipherSuiteId[];
  /** Whether logins need K_g. */
  readonly twoKey: boolean;
  /** Failed logins in a row until a lock-out; 0: never. */
  readonly loginAttempts: number;
  /** Whether IPMI 1.5 sessions may be opened. */
  readonly allowsIpmiV15: boolean;
  /** No session gets higher. */
  readonly privilegeLimit: PrivilegeLevel;
}

/** Users with their right passwords, one with a guess, and one that there is not. */
export const playerNames = ['administrator', 'operator', 'user', 'callback', 'guesser', 'nobody'] as const;
export type PlayerName = (typeof playerNames)[number];

interface Sending {
  readonly player: PlayerName;
  /** Which of the siege's source addresses. */
  readonly source: number;
  /** Done to the datagram on its way. */
  readonly outside: readonly Mutation[];
}

/** `allowed`: the one that the BMC likes best. */
export type SuiteChoice = CipherSuiteId | 'allowed';

/** Where a packet's session sequence number stands: relative to the highest that was sent, or the next. */
type Sequence = number | 'next';

export type Step =
  | { readonly kind: 'noise'; readonly source: number; readonly datagram: Uint8Array }
  | (Sending & { readonly kind: 'ping' })
  | (Sending & {
      readonly kind: 'open';
      readonly suite: SuiteChoice;
      readonly tamper: {
        readonly requestedMaximumPrivilegeLevel?: number;
        readonly remoteConsoleSessionId?: number;
        readonly algorithms?: AlgorithmNumbers;
      };
    })
  | (Sending & {
      readonly kind: 'rakp1';
      readonly tamper: {
        readonly role?: number;
        readonly userName?: Uint8Array;
        readonly managedSystemSessionId?: number;
      };
    })
  | (Sending & {
      readonly kind: 'rakp3';
      readonly tamper: { readonly status?: number; readonly keyExchangeAuthenticationCode?: Uint8Array };
    })
  /** A whole handshake as it should be, and the session raised to a level. */
  | {
      readonly kind: 'login';
      readonly player: PlayerName;
      readonly source: number;
      readonly suite: SuiteChoice;
      readonly level: PrivilegeLevel;
    }
  /** Get Session Challenge of IPMI 1.5. */
  | (Sending & { readonly kind: 'challenge' })
  | (Sending & {
      readonly kind: 'activate';
      readonly level: PrivilegeLevel;
      readonly tamper: {
        readonly authenticationType?: number;
        readonly challenge?: Uint8Array;
        readonly initialOutboundSequenceNumber?: number;
      };
    })
  /** The whole login of IPMI 1.5 as it should be, and the session raised to a level. */
  | {
      readonly kind: 'loginV15';
      readonly player: PlayerName;
      readonly source: number;
      readonly level: PrivilegeLevel;
    }
  /** A request: inside the player's session if it has one and `envelope` says so. */
  | (Sending & {
      readonly kind: 'request';
      readonly envelope: 'session' | 'v1.5 session' | 'v1.5' | 'v2.0';
      readonly netFn: number;
      readonly command: number;
      readonly data: Uint8Array;
      readonly toAddress: number;
      readonly toLun: number;
      readonly rqSeq: number;
      readonly sequence: Sequence;
      readonly payloadType: PayloadType;
      /** Done to the message before it is encrypted and authenticated; its checksums are right all the same. */
      readonly inside: readonly Mutation[];
    })
  /** A right authentication code around what no remote console would send. */
  | (Sending & {
      readonly kind: 'crooked';
      readonly encrypted: boolean;
      readonly authenticated: boolean;
      readonly payload: Uint8Array;
      /** Whether the payload is encrypted with the session's key, pad and all, or stands as it is. */
      readonly encipher: boolean;
      readonly trailer: Uint8Array;
      readonly sequence: number;
    })
  /** Something that was on the wire before, in either direction, once more: whole, changed, or the head of one with another's tail. */
  | {
      readonly kind: 'recorded';
      readonly source: number;
      readonly which: number;
      readonly tailOf: number | undefined;
      /** Added to its session sequence number. */
      readonly renumber: number;
      readonly inside: readonly Mutation[];
      readonly outside: readonly Mutation[];
    }
  | { readonly kind: 'flood'; readonly source: number; readonly count: number }
  | { readonly kind: 'time'; readonly ms: number }
  | {
      readonly kind: 'outcome';
      readonly which: number;
      readonly failure: DomainFailureKind | undefined;
      readonly state: DomainState;
    }
  | { readonly kind: 'news'; readonly state: DomainState; readonly event: DomainEvent | undefined }
  | { readonly kind: 'distrust' }
  | { readonly kind: 'powerUp' }
  /** Other users than before, as a reload may bring them. */
  | { readonly kind: 'users'; readonly without: PlayerName; readonly newPasswordOf: PlayerName };

export type StepOf<Kind extends Step['kind']> = Extract<Step, { readonly kind: Kind }>;
