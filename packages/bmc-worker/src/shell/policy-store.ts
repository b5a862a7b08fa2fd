import type { DomainActionOutcome, PowerRestorePolicy } from '../core/terms/domain-action.ts';
import type { SupervisorMessage, WorkerMessage } from '../ipc/protocol.ts';

type Stored = Extract<SupervisorMessage, { type: 'powerRestorePolicyStored' }>;

/** Writing a small file takes milliseconds, unless the disk is in trouble. */
const DEADLINE_MS = 10_000;

/** The supervisor's store for the power restore policy: a worker writes no files. */
export class PolicyStore {
  readonly #send: (message: WorkerMessage) => void;
  readonly #waiting = new Map<number, (outcome: DomainActionOutcome) => void>();
  #lastRequestId = 0;

  constructor(send: (message: WorkerMessage) => void) {
    this.#send = send;
  }

  /** Resolves when the policy is on disk, or cannot be. */
  async store(policy: PowerRestorePolicy): Promise<DomainActionOutcome> {
    const requestId = ++this.#lastRequestId;
    return new Promise((resolve) => {
      const finish = (outcome: DomainActionOutcome): void => {
        clearTimeout(timer);
        this.#waiting.delete(requestId);
        resolve(outcome);
      };
      const timer = setTimeout(finish, DEADLINE_MS, failed('deadlineExceeded', 'vbmcd has not answered'));
      this.#waiting.set(requestId, finish);
      this.#send({ type: 'powerRestorePolicy', requestId, policy });
    });
  }

  /** Takes the supervisor's answer. */
  stored({ requestId, failure }: Stored): void {
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
