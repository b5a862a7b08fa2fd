/** What an operator wants to know about a BMC: structured records, logged by the supervisor. None holds a secret. */
import type { DomainActionKind, DomainFailureKind } from './domain-action.ts';

/** `omitted`: how many events that strangers can cause were left out before this one, because they were too many. */
export type BmcEvent =
  | {
      readonly kind: 'sessionOpened';
      readonly source: string;
      readonly user: string;
      /** Absent for an IPMI 1.5 session. */
      readonly cipherSuiteId?: number;
      readonly privilege: string;
    }
  | {
      readonly kind: 'sessionClosed';
      readonly source: string;
      readonly user: string;
      readonly cause: 'closed' | 'timedOut' | 'userChanged';
    }
  /**
   * `status` is the RMCP+ status code that was sent, absent where IPMI 1.5 gives no answer. `reason` may say more:
   * which users exist is no stranger's business.
   */
  | {
      readonly kind: 'sessionRefused';
      readonly source: string;
      readonly user: string;
      readonly status?: number;
      readonly reason: string;
      readonly omitted?: number;
    }
  /**
   * A remote console has not come back after RAKP Message 2, which proves that we know the password: so does
   * ipmitool when its own is another one. Reported when the handshake's time is over.
   */
  | {
      readonly kind: 'loginAbandoned';
      readonly source: string;
      readonly user: string;
      /** True when there is no such user, so that no password was right. */
      readonly unknownUser?: true;
      readonly omitted?: number;
    }
  /** That login failed too often and is refused for a while. `source` is whom it is counted for: no port. */
  | {
      readonly kind: 'loginLockedOut';
      readonly source: string;
      readonly user: string;
      /** In a row. */
      readonly failures: number;
      readonly lockoutMs: number;
      readonly omitted?: number;
    }
  /** A domain action that changes something came to its end. */
  | {
      readonly kind: 'domainActionFinished';
      readonly action: DomainActionKind;
      /** For people: `power cycle`, `boot device pxe, one-shot`. */
      readonly description: string;
      readonly user: string;
      readonly source: string;
      readonly durationMs: number;
      /** Absent when it succeeded. */
      readonly failure?: { readonly kind: DomainFailureKind; readonly message: string };
      /** True when the answer had already been given as a time-out (C3h). */
      readonly late?: true;
    }
  /** An action succeeded, and something beside it did not: a used boot override could not be taken back yet. */
  | {
      readonly kind: 'sideFailure';
      readonly failure: { readonly kind: DomainFailureKind; readonly message: string };
    }
  /** `virsh` could not tell the state or the UUID; reported when the kind of failure changes, not on every poll. */
  | {
      readonly kind: 'domainUnreadable';
      readonly failure: { readonly kind: DomainFailureKind; readonly message: string };
    };
