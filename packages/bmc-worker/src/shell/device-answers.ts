import type {
  DeviceAnswer,
  DeviceQuestion,
  DeviceQuestionKind,
  DeviceQuestions,
  IdentifyLamp,
} from '../core/terms/device-question.ts';
import type { SupervisorMessage, WorkerMessage, workerRequestTypes } from '../ipc/protocol.ts';
import { userChangeMessage, watchdogMessage } from './device-messages.ts';
import { SupervisorRequests } from './supervisor-requests.ts';

type Answered = Extract<SupervisorMessage, { type: 'deviceAnswered' }>;
/** A request without the number that it gets. */
type Unnumbered = WithoutId<Extract<WorkerMessage, { readonly type: (typeof workerRequestTypes)[number] }>>;
type WithoutId<Message> = Message extends unknown ? Omit<Message, 'requestId'> : never;

/** Shorter than what clients wait. */
const DEADLINE_MS = 4_000;
/** The supervisor answers from memory. A client that reads a dozen sensors of a frozen one must not wait long for each. */
const READING_DEADLINE_MS = 500;

/** Answers what commands ask: has the supervisor keep it, as a worker writes no files and does not outlive a crash. */
export class DeviceAnswers {
  readonly #requests: SupervisorRequests;

  constructor(send: (message: WorkerMessage) => void) {
    this.#requests = new SupervisorRequests(send);
  }

  async answer(question: DeviceQuestion): Promise<DeviceAnswer> {
    switch (question.kind) {
      case 'readWallClock':
        return { ok: true, value: Math.floor(Date.now() / 1_000) };
      case 'readLan':
        return this.#readLan();
      case 'setIdentify':
        return this.#asked({ type: 'identify', ...identifyFields(question.lamp), ...question.by });
      case 'readSensors':
        return this.#readSensors();
      case 'readEventLog': {
        const { known } = question;
        return this.#asked({ type: 'readEventLog', ...(known !== undefined && { known }) });
      }
      case 'addLogRecord':
        return this.#asked({ type: 'addLogRecord', record: Buffer.from(question.record).toString('hex') });
      case 'deleteLogEntry': {
        const { which } = question;
        return this.#asked({
          type: 'deleteLogEntry',
          ...(typeof which === 'number' ? { id: which } : { end: which }),
        });
      }
      case 'setLogTime':
        return this.#asked({ type: 'setLogTime', time: question.time });
      case 'clearEventLog':
      case 'readDomainRun':
        return this.#asked({ type: question.kind });
      case 'changeUser':
        return this.#confirmed((requestId) => userChangeMessage(requestId, question));
      case 'setWatchdog':
        return this.#confirmed((requestId) => watchdogMessage(requestId, question.setting));
      case 'startWatchdog':
        return this.#told(
          (requestId) => ({ type: 'watchdogStart', requestId }),
          ({ watchdog }) => watchdog !== undefined,
        );
      case 'readWatchdog':
        return this.#told(
          (requestId) => ({ type: 'watchdogRead', requestId }),
          ({ watchdog }) => watchdog,
        );
    }
  }

  /** Takes the supervisor's answer. */
  takeAnswer(answer: Extract<SupervisorMessage, { type: 'deviceAnswered' }>): void {
    this.#requests.takeAnswer(answer);
  }

  async #readSensors(): Promise<DeviceAnswer> {
    const request = (requestId: number): WorkerMessage => ({ type: 'readSensors', requestId });
    const answer = await this.#requests.make(request, READING_DEADLINE_MS);
    if (answer?.type !== 'deviceAnswered' || answer.sensors === undefined)
      return { ok: false, why: 'unanswered' };
    return { ok: true, value: answer.sensors };
  }

  async #readLan(): Promise<DeviceAnswer> {
    const answer = await this.#requests.make((requestId) => ({ type: 'readLan', requestId }), DEADLINE_MS);
    if (answer?.type !== 'deviceAnswered' || answer.lan === undefined)
      return { ok: false, why: 'unanswered' };
    return { ok: true, value: answer.lan };
  }

  /** The supervisor answers each kind of request with what `DeviceQuestions` says of that kind. */
  async #asked(request: Unnumbered): Promise<DeviceAnswer> {
    const answer = await this.#requests.make((requestId) => ({ ...request, requestId }), DEADLINE_MS);
    if (answer?.type !== 'deviceAnswered') return { ok: false, why: 'unanswered' };
    return answer.failure === undefined ? { ok: true, value: answer.value } : { ok: false, why: 'failed' };
  }

  async #confirmed(request: (requestId: number) => WorkerMessage): Promise<DeviceAnswer> {
    return this.#told(request, () => undefined);
  }

  /** `value`: what the answer tells. */
  async #told(
    request: (requestId: number) => WorkerMessage,
    value: (answer: Answered) => DeviceQuestions[DeviceQuestionKind]['tells'],
  ): Promise<DeviceAnswer> {
    const answer = await this.#requests.make(request, DEADLINE_MS);
    if (answer === undefined) return { ok: false, why: 'unanswered' };
    // What the supervisor confirms otherwise is no answer to these requests.
    const isIts = answer.type === 'deviceAnswered' && answer.failure === undefined;
    return isIts ? { ok: true, value: value(answer) } : { ok: false, why: 'failed' };
  }
}

function identifyFields(lamp: IdentifyLamp) {
  return typeof lamp === 'string' ? { lamp } : ({ lamp: 'timed', seconds: lamp.seconds } as const);
}
