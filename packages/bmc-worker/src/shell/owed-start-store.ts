import type { BmcEvent, OwedStart, OwedStartEnd, SupervisorMessage, WorkerMessage } from '../ipc/protocol.ts';
import { SupervisorRequests } from './supervisor-requests.ts';

type Answer = Extract<SupervisorMessage, { type: 'owedStartNoted' }>;
type Request = Extract<WorkerMessage, { type: 'owedStart' | 'owedStartEnded' }>;

/** A client waits for its power cycle meanwhile. A disk takes milliseconds. */
const DEADLINE_MS = 1_000;
/** The supervisor itself waits a second for its disk. One that is silent for longer stands still. */
const NOTE_DEADLINE_MS = 5_000;
/** The domain is destroyed meanwhile. The answer to a power off is no success before the start is called off on disk. */
const TAKE_BACK_DEADLINE_MS = 5_000;

export interface OwedStartStoreOptions {
  readonly send: (message: WorkerMessage) => void;
  readonly report: (event: BmcEvent) => void;
}

/** Has the supervisor note which start is owed, as a worker writes no files and may end in the middle of a change. */
export class OwedStartStore {
  readonly #options: OwedStartStoreOptions;
  readonly #requests: SupervisorRequests;
  #mayExist = false;
  #isOvertaken = false;
  /** Of the last note. */
  #noteId = 0;
  /** Whether the supervisor has not confirmed yet that a start is not wanted any more. */
  #isTakingBack = false;

  constructor(options: OwedStartStoreOptions) {
    this.#options = options;
    this.#requests = new SupervisorRequests(options.send);
  }

  get mayExist(): boolean {
    return this.#mayExist;
  }

  get isOvertaken(): boolean {
    return this.#isOvertaken;
  }

  async note(start: OwedStart): Promise<boolean> {
    this.#mayExist = true;
    this.#isOvertaken = false;
    this.#isTakingBack = false;
    const answer = await this.#requests.make((requestId) => {
      this.#noteId = requestId;
      return { type: 'owedStart', requestId, ...start };
    }, NOTE_DEADLINE_MS);
    if (answer === undefined) {
      // It may read the note when it goes on.
      void this.end('calledOff');
      return false;
    }
    if (answer.failure === undefined) return true;
    const { description, user, source } = start;
    this.#options.report({
      ...{ kind: 'changeNotProtected', description, user, source, reason: answer.failure },
    });
    return true;
  }

  noteDestroy(): void {
    this.#options.send({ type: 'owedStartDestroys' });
  }

  async end(how: OwedStartEnd, why?: string, unusedOverride?: string): Promise<string | undefined> {
    this.#isTakingBack ||= how === 'calledOff';
    const noteId = this.#noteId;
    const failure = await this.#ask(
      (requestId) => ({
        type: 'owedStartEnded',
        requestId,
        how,
        ...(why !== undefined && { why }),
        ...(unusedOverride !== undefined && { unusedOverride }),
      }),
      how === 'calledOff' ? TAKE_BACK_DEADLINE_MS : DEADLINE_MS,
    );
    const isAboutTheLast = noteId === this.#noteId;
    if (failure !== undefined || how === 'left' || !isAboutTheLast) return failure;
    this.#isTakingBack = false;
    this.#mayExist = false;
    return undefined;
  }

  /** The supervisor has a note. Returns whether the start may still be made: a power off may have crossed the message. */
  takeUp(): boolean {
    this.#mayExist = true;
    this.#isOvertaken = false;
    return !this.#isTakingBack;
  }

  /** The supervisor says that the domain has been started. */
  overtake(): void {
    this.#isOvertaken = true;
  }

  takeAnswer(answer: Answer): void {
    // What the supervisor has said before was about an earlier note.
    if (answer.requestId === this.#noteId) this.#isOvertaken = false;
    this.#requests.takeAnswer(answer);
  }

  /** Resolves with the reason if it is not stored. */
  async #ask(request: (requestId: number) => Request, deadlineMs = DEADLINE_MS): Promise<string | undefined> {
    const answer = await this.#requests.make(request, deadlineMs);
    return answer === undefined ? `vbmcd has not answered for ${deadlineMs / 1000} s` : answer.failure;
  }
}
