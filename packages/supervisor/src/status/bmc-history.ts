/** The latest events of one BMC. The supervisor keeps them, so that they outlive the worker. Pure. */
import type { BmcEvent, WorkerMessage } from '@vbmc/bmc-worker/ipc';
import type { DomainActionRecord, FailedLogin, RestartRecord, VirshCallRecord } from './bmc-detail.ts';
import { abandonedFor } from './event-text.ts';
import { printable } from '../text/printable.ts';
import { Recent } from './recent.ts';

const KEPT = 20;

/** The caller passes instants: ISO 8601 in UTC. */
export class BmcHistory {
  readonly #failedLogins = new Recent<FailedLogin>(KEPT);
  readonly #domainActions = new Recent<DomainActionRecord>(KEPT);
  readonly #virshCalls = new Recent<VirshCallRecord>(KEPT);
  readonly #restarts = new Recent<RestartRecord>(KEPT);

  addEvent(event: BmcEvent, at: string): void {
    switch (event.kind) {
      case 'sessionRefused': {
        const { status = null } = event;
        this.#failedLogins.add({ at, ...actorOf(event), reason: printable(event.reason), status });
        break;
      }
      case 'loginAbandoned':
        this.#failedLogins.add({
          at,
          ...actorOf(event),
          reason: `given up: ${abandonedFor(event)}`,
          status: null,
        });
        break;
      case 'domainActionFinished': {
        const { description, durationMs, failure, late, shared } = event;
        this.#domainActions.add({
          at,
          description: printable(description),
          ...actorOf(event),
          durationMs: Math.round(durationMs),
          outcome: failure === undefined ? 'done' : printable(failure.kind),
          failure: failure === undefined ? null : printable(failure.message, 500),
          late: late === true,
          shared: shared === true,
        });
        break;
      }
      case 'sessionOpened':
      case 'sessionClosed':
      case 'loginLockedOut':
      case 'changeRefused':
      case 'bmcReset':
      case 'watchdogExpired':
      case 'bootOverrideUpdateFailed':
      case 'changeNotProtected':
      case 'domainUnreadable':
      case 'reportsLost':
        break;
      default:
        event satisfies never;
    }
  }

  addVirshCall(call: Extract<WorkerMessage, { type: 'virshCall' }>, at: string): void {
    const { verb, durationMs, outcome } = call;
    this.#virshCalls.add({ at, verb: printable(verb, 40), durationMs: Math.round(durationMs), outcome });
  }

  addRestart(cause: string, at: string): void {
    this.#restarts.add({ at, cause });
  }

  /** Each list is oldest first. */
  describe(): {
    readonly failedLogins: readonly FailedLogin[];
    readonly domainActions: readonly DomainActionRecord[];
    readonly virshCalls: readonly VirshCallRecord[];
    readonly restartCauses: readonly RestartRecord[];
  } {
    return {
      failedLogins: this.#failedLogins.list(),
      domainActions: this.#domainActions.list(),
      virshCalls: this.#virshCalls.list(),
      restartCauses: this.#restarts.list(),
    };
  }
}

function actorOf(event: { readonly user: string; readonly source: string }): {
  readonly user: string;
  readonly source: string;
} {
  return { user: printable(event.user), source: printable(event.source) };
}
