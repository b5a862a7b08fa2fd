import type { DomainActionOutcome, PowerRestorePolicy } from '../core/terms/domain-action.ts';
import type { SupervisorMessage, WorkerMessage } from '../ipc/protocol.ts';
import { SupervisorRequests } from './supervisor-requests.ts';

/** Writing a small file takes milliseconds, unless the disk has trouble. */
const DEADLINE_MS = 10_000;
/** More than a client can ask for while a vbmcd lives that does not answer: systemd's watchdog ends it after half a minute. */
const MAXIMUM_LATE = 100;

/** Has the supervisor store the power restore policy, as a worker writes no files. */
export class PolicyStore {
  readonly #storedLate: (policy: PowerRestorePolicy) => void;
  readonly #requests: SupervisorRequests;
  /** Those that were not answered in time, by request. */
  readonly #late = new Map<number, PowerRestorePolicy>();

  /** `storedLate`: a policy is on disk, though its client was told that nobody had answered; it counts from now on. */
  constructor(send: (message: WorkerMessage) => void, storedLate: (policy: PowerRestorePolicy) => void) {
    this.#requests = new SupervisorRequests(send);
    this.#storedLate = storedLate;
  }

  /** Resolves when the policy is on disk, or could not be written. */
  async store(policy: PowerRestorePolicy): Promise<DomainActionOutcome> {
    let request = 0;
    const answer = await this.#requests.make((requestId) => {
      request = requestId;
      return { type: 'powerRestorePolicy', requestId, policy };
    }, DEADLINE_MS);
    if (answer === undefined) {
      this.#awaitLate(request, policy);
      return failed(
        'deadlineExceeded',
        'vbmcd has not said that the power restore policy is stored; it may do it later',
      );
    }
    const { failure } = answer;
    if (failure === undefined) return { ok: true, facts: {} };
    return failed('notAchieved', `the power restore policy was not stored: ${failure}`);
  }

  /** Takes the supervisor's answer. */
  takeAnswer(answer: Extract<SupervisorMessage, { type: 'powerRestorePolicyStored' }>): void {
    const late = this.#late.get(answer.requestId);
    this.#late.delete(answer.requestId);
    if (late !== undefined && answer.failure === undefined) this.#storedLate(late);
    this.#requests.takeAnswer(answer);
  }

  #awaitLate(request: number, policy: PowerRestorePolicy): void {
    this.#late.set(request, policy);
    const [oldest = request] = this.#late.keys();
    if (this.#late.size > MAXIMUM_LATE) this.#late.delete(oldest);
  }
}

function failed(kind: 'deadlineExceeded' | 'notAchieved', message: string): DomainActionOutcome {
  return { ok: false, failure: { kind, message } };
}
