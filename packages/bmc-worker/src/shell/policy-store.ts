import type { DomainActionOutcome, PowerRestorePolicy } from '../core/terms/domain-action.ts';
import type { SupervisorMessage, WorkerMessage } from '../ipc/protocol.ts';
import { SupervisorRequests } from './supervisor-requests.ts';

/** Writing a small file takes milliseconds, unless the disk has trouble. */
const DEADLINE_MS = 10_000;

/** Has the supervisor store the power restore policy, as a worker writes no files. */
export class PolicyStore {
  readonly #requests: SupervisorRequests;

  constructor(send: (message: WorkerMessage) => void) {
    this.#requests = new SupervisorRequests(send);
  }

  /** Resolves when the policy is on disk, or could not be written. */
  async store(policy: PowerRestorePolicy): Promise<DomainActionOutcome> {
    const answer = await this.#requests.make(
      (requestId) => ({ type: 'powerRestorePolicy', requestId, policy }),
      DEADLINE_MS,
    );
    if (answer === undefined) return failed('deadlineExceeded', 'vbmcd did not answer');
    const { failure } = answer;
    return failure === undefined ? { ok: true, facts: {} } : failed('notAchieved', failure);
  }

  /** Takes the supervisor's answer. */
  takeAnswer(answer: Extract<SupervisorMessage, { type: 'powerRestorePolicyStored' }>): void {
    this.#requests.takeAnswer(answer);
  }
}

function failed(kind: 'deadlineExceeded' | 'notAchieved', why: string): DomainActionOutcome {
  return {
    ok: false,
    failure: { kind, message: `the power restore policy was not stored: ${why}` },
  };
}
