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
        return needed(await this.#asked({ type: 'readLan' }, ({ lan }) => lan));
      case 'setIdentify':
        return this.#asked({ type: 'identify', ...identifyFields(question.lamp), ...question.by });
      case 'readSensors':
        return needed(
          await this.#asked({ type: 'readSensors' }, ({ sensors }) => sensors, READING_DEADLINE_MS),
        );
      case 'readEventLog': {
        const { known } = question;
        return this.#asked({ type: 'readEventLog', ...(known !== undefined && { known }) });
      }
      case 'addLogRecord':
        return this.#asked({ type: 'addLogRecord', record: Buffer.from(question.record).toString('hex') });
      case 'deleteLogEntry': {
        const { removals, which } = question;
        return this.#asked({
          ...{ type: 'deleteLogEntry', removals },
          ...(typeof which === 'number' ? { id: which } : { end: which }),
        });
      }
      case 'setLogTime':
        return this.#asked({ type: 'setLogTime', time: question.time });
      case 'clearEventLog':
        return this.#asked({ type: 'clearEventLog', removals: question.removals });
      case 'readDomainRun':
        return this.#asked({ type: 'readDomainRun' });
      case 'changeUser':
        return this.#asked(userChangeMessage(question));
      case 'setWatchdog':
        return this.#asked(watchdogMessage(question.setting));
      case 'startWatchdog':
        return this.#asked({ type: 'watchdogStart' }, ({ watchdog }) => watchdog !== undefined);
      case 'readWatchdog':
        return this.#asked({ type: 'watchdogRead' }, ({ watchdog }) => watchdog);
    }
  }

  /** Takes the supervisor's answer. */
  takeAnswer(answer: Extract<SupervisorMessage, { type: 'deviceAnswered' }>): void {
    this.#requests.takeAnswer(answer);
  }

  /** `tells`: what the answer says. The supervisor answers each kind of request with what `DeviceQuestions` says of that kind. */
  async #asked(
    request: Unnumbered,
    tells: (answer: Answered) => DeviceQuestions[DeviceQuestionKind]['tells'] = ({ value }) => value,
    deadlineMs = DEADLINE_MS,
  ): Promise<DeviceAnswer> {
    const answer = await this.#requests.make((requestId) => ({ ...request, requestId }), deadlineMs);
    if (answer?.type !== 'deviceAnswered') return { ok: false, why: 'unanswered' };
    return answer.failure === undefined ? { ok: true, value: tells(answer) } : { ok: false, why: 'failed' };
  }
}

/** An answer that says nothing is none. */
function needed(answer: DeviceAnswer): DeviceAnswer {
  return answer.ok && answer.value === undefined ? { ok: false, why: 'unanswered' } : answer;
}

function identifyFields(lamp: IdentifyLamp) {
  return typeof lamp === 'string' ? { lamp } : ({ lamp: 'timed', seconds: lamp.seconds } as const);
}
