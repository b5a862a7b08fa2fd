/** Serves the commands of one BMC's worker that are about its event log. */
import type { SupervisorMessage, WorkerMessage } from '@vbmc/bmc-worker/ipc';
import { isRecordHex } from '../event-log/log-journal.ts';
import type { Recording } from '../event-log/recording.ts';

type LogRequest = Extract<
  WorkerMessage,
  {
    type:
      'readEventLog' | 'addLogRecord' | 'deleteLogEntry' | 'clearEventLog' | 'setLogTime' | 'readDomainRun';
  }
>;
type Value = Extract<SupervisorMessage, { type: 'deviceAnswered' }>['value'];

export class LogLink {
  readonly #recording: Recording | undefined;
  readonly #send: (message: SupervisorMessage) => void;
  /** Counts the workers: each numbers its requests from 1. */
  #workers = 0;

  constructor(recording: Recording | undefined, send: (message: SupervisorMessage) => void) {
    this.#recording = recording;
    this.#send = send;
  }

  /** The worker has ended: answers that are under way are not for the next one. */
  workerGone(): void {
    this.#workers += 1;
    this.#recording?.chronicle.workerGone();
  }

  /** Sends the worker the answer, or why there is none. */
  async serve(request: LogRequest): Promise<void> {
    const worker = this.#workers;
    const { requestId } = request;
    const recording = this.#recording;
    const answer = recording === undefined ? unavailable : await answerTo(request, recording);
    if (worker === this.#workers) this.#send({ type: 'deviceAnswered', requestId, ...answer });
  }
}

type Answer = { readonly failure: string } | { readonly value?: Value };
const unavailable: Answer = { failure: 'the event log cannot be read, or written' };
/** As much as 4 bytes carry. */
const LATEST_TIME = 0xffff_ffff;

async function answerTo(request: LogRequest, { log, chronicle }: Recording): Promise<Answer> {
  switch (request.type) {
    case 'readEventLog':
      return known(await log.view(request.known));
    case 'addLogRecord':
      return isRecordHex(request.record)
        ? idOf(await log.add(request.record))
        : { failure: 'that is no record of 16 bytes' };
    case 'deleteLogEntry':
      return idOf(await log.remove(request.id ?? request.end ?? 'last', request.removals));
    case 'clearEventLog': {
      const outcome = await log.clear(request.removals);
      if (outcome === 'cancelled') return { value: outcome };
      return outcome ? {} : unavailable;
    }
    case 'setLogTime':
      return (await log.setTime(Math.min(request.time, LATEST_TIME))) ? {} : unavailable;
    case 'readDomainRun':
      return known(await chronicle.run());
  }
}

function known(value: Value): Answer {
  return value === undefined ? unavailable : { value };
}

/** Without an id: there is no such entry, or no room for one. */
function idOf(outcome: number | 'full' | 'absent' | 'cancelled' | 'unavailable'): Answer {
  if (outcome === 'unavailable') return unavailable;
  return typeof outcome === 'number' || outcome === 'cancelled' ? { value: outcome } : {};
}
