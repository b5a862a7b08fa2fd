import type { DomainActionOutcome, PowerRestorePolicy } from '../core/terms/domain-action.ts';
import type { SupervisorMessage, WorkerMessage } from '../ipc/protocol.ts';

type Answer = Extract<SupervisorMessage, { type: 'powerRestorePolicyStored' }>;

/** Writing a small file takes milliseconds, unless the disk has trouble. */
const DEADLINE_MS = 10_000;

/** Has the supervisor store the power restore policy, as a worker writes no files. */
export class PolicyStore {
  readonly #send: (message: WorkerMessage) => void;
  readonly #waiting = new Map<number, (outcome: DomainActionOutcome) => void>();
  #lastRequestId = 0;

  constructor(send: (message: WorkerMessage) => void) {
    this.#send = send;
  }

  /** Resolves when the policy is on disk, or could not be written. */
  async store(policy: PowerRestorePolicy): Promise<DomainActionOutcome> {
    this.#lastRequestId += 1;
    const requestId = this.#lastRequestId;
    return new Promise((resolve) => {
      const finish = (outcome: DomainActionOutcome): void => {
        clearTimeout(timer);
        this.#waiting.delete(requestId);
        resolve(outcome);
      };
      const timer = setTimeout(finish, DEADLINE_MS, failed('deadlineExceeded', 'vbmcd did not answer'));
      this.#waiting.set(requestId, finish);
      this.#send({ type: 'powerRestorePolicy', requestId, policy });
    });
  }

  /** Takes the supervisor's answer. */
  takeAnswer({ requestId, failure }: Answer): void {
    const outcome =
      failure === undefined ? ({ ok: true, facts: {} } as const) : failed('notAchieved', failure);
    this.#waiting.get(requestId)?.(outcome);
  }
}

function failed(kind: 'deadlineExceeded' | 'notAchieved', why: string): DomainActionOutcome {
  return {
    ok: false,
    failure: { kind, message: `the power restore policy was not stored: ${why}` },
  };
}
