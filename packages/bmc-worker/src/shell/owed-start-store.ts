import type { BmcEvent, OwedStart, OwedStartEnd, SupervisorMessage, WorkerMessage } from '../ipc/protocol.ts';

type Answer = Extract<SupervisorMessage, { type: 'owedStartNoted' }>;
type Request = Extract<WorkerMessage, { type: 'owedStart' | 'owedStartEnded' }>;
type WithoutId<Message> = Message extends unknown ? Omit<Message, 'requestId'> : never;

/** A client waits for its power cycle meanwhile. A disk takes milliseconds. */
const DEADLINE_MS = 1_000;

export interface OwedStartStoreOptions {
  readonly send: (message: WorkerMessage) => void;
  readonly report: (event: BmcEvent) => void;
}

/** Has the supervisor note which start is owed, as a worker writes no files and may end in the middle of a change. */
export class OwedStartStore {
  readonly #options: OwedStartStoreOptions;
  readonly #waiting = new Map<number, (failure: string | undefined) => void>();
  #lastRequestId = 0;
  #mayExist = false;
  #isOvertaken = false;
  /** Whether the supervisor has not confirmed yet that a start is not wanted any more. */
  #isTakingBack = false;

  constructor(options: OwedStartStoreOptions) {
    this.#options = options;
  }

  get mayExist(): boolean {
    return this.#mayExist;
  }

  get isOvertaken(): boolean {
    return this.#isOvertaken;
  }

  async note(start: OwedStart): Promise<void> {
    this.#mayExist = true;
    this.#isOvertaken = false;
    this.#isTakingBack = false;
    const reason = await this.#ask({ type: 'owedStart', ...start });
    if (reason === undefined) return;
    const { description, user, source } = start;
    this.#options.report({ kind: 'changeNotProtected', description, user, source, reason });
  }

  async end(how: OwedStartEnd, why?: string): Promise<void> {
    this.#isTakingBack ||= how === 'calledOff';
    const failure = await this.#ask({ type: 'owedStartEnded', how, ...(why !== undefined && { why }) });
    if (failure !== undefined || how === 'left') return;
    this.#isTakingBack = false;
    this.#mayExist = false;
  }

  /** The supervisor has a note. Returns whether the start may still be made: a power off may have crossed the message. */
  takeUp(): boolean {
    this.#mayExist = true;
    return !this.#isTakingBack;
  }

  /** The supervisor says that the domain has been started. */
  overtake(): void {
    this.#isOvertaken = true;
  }

  takeAnswer({ requestId, failure }: Answer): void {
    this.#waiting.get(requestId)?.(failure);
  }

  /** Resolves with the reason if it is not stored. */
  async #ask(request: WithoutId<Request>): Promise<string | undefined> {
    this.#lastRequestId += 1;
    const requestId = this.#lastRequestId;
    return new Promise((resolve) => {
      const finish = (failure: string | undefined): void => {
        clearTimeout(timer);
        this.#waiting.delete(requestId);
        resolve(failure);
      };
      const timer = setTimeout(finish, DEADLINE_MS, `vbmcd has not answered for ${DEADLINE_MS / 1000} s`);
      this.#waiting.set(requestId, finish);
      this.#options.send({ ...request, requestId });
    });
  }
}
