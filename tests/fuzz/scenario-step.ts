import type { AlgorithmNumbers, CipherSuiteId, PayloadType, PrivilegeLevel } from '@vbmc/ipmi-codec';
import type { DomainEvent, DomainFailureKind, DomainState } from '#worker/core/terms/domain-action.ts';
import type { Mutation } from '#support/hostile/mutation.ts';

/** How the BMC of the scenario is configured. */
export interface ScenarioSettings {
  readonly allowedCipherSuites: readonly CipherSuiteId[];
  /** Whether logins need K_g. */
  readonly twoKey: boolean;
  /** Failed logins in a row until a lock-out; 0 turns lock-outs off. */
  readonly loginAttempts: number;
  /** Whether IPMI 1.5 sessions may be opened. */
  readonly allowsIpmiV15: boolean;
  /** The highest level of any session. */
  readonly privilegeLimit: PrivilegeLevel;
}

/** Four users with the right password, one client that guesses the administrator's, and a user that does not exist. */
export const clientNames = [
  'administrator',
  'operator',
  'user',
  'callback',
  'guesser',
  'unknownUser',
] as const;
export type ClientName = (typeof clientNames)[number];

interface Sending {
  readonly client: ClientName;
  /** Index into the scenario's source addresses. */
  readonly source: number;
  /** Changes to the datagram on its way. */
  readonly outside: readonly Mutation[];
}

/** `allowed` is the BMC's preferred suite. */
export type SuiteChoice = CipherSuiteId | 'allowed';

/** A packet's session sequence number, relative to the highest that was sent, or the next one. */
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
  /** A whole correct handshake, after which the session is raised to a level. */
  | {
      readonly kind: 'login';
      readonly client: ClientName;
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
  /** A whole correct IPMI 1.5 login, after which the session is raised to a level. */
  | {
      readonly kind: 'loginV15';
      readonly client: ClientName;
      readonly source: number;
      readonly level: PrivilegeLevel;
    }
  /** A request, inside the client's session if it has one and `envelope` names it. */
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
      /** Changes to the message before it is encrypted and authenticated; its checksums are corrected afterwards. */
      readonly inside: readonly Mutation[];
    })
  /** A right authentication code around a packet that no remote console would send. */
  | (Sending & {
      readonly kind: 'sealedMalformed';
      readonly encrypted: boolean;
      readonly authenticated: boolean;
      readonly payload: Uint8Array;
      /** Whether the payload is padded and encrypted with the session's key, or sent unencrypted. */
      readonly encipher: boolean;
      readonly trailer: Uint8Array;
      readonly sequence: number;
    })
  /**
   * Replays a datagram that was sent before in either direction: whole, changed, or its first half with another's
   * second half.
   */
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
  | { readonly kind: 'domainReport'; readonly state: DomainState; readonly event: DomainEvent | undefined }
  | { readonly kind: 'distrust' }
  | { readonly kind: 'powerUp' }
  /** Replaces the users, as a reload does. */
  | { readonly kind: 'users'; readonly without: ClientName; readonly newPasswordOf: ClientName };

export type StepOf<Kind extends Step['kind']> = Extract<Step, { readonly kind: Kind }>;
