/** Judges what one worker process writes: cuts it into lines, reads the messages, and finds the first broken rule. Pure. */
import {
  createLineSplitter,
  MAXIMUM_WORKER_LINE,
  parseLine,
  TokenBucket,
  type WorkerMessage,
} from '@vbmc/bmc-worker/ipc';
import { channelBytes, channelReports, channelSessionEvents } from '../supervision/supervision-times.ts';
import { printable } from '../text/printable.ts';
import type { ChannelViolation } from '../status/channel-violation.ts';
import { readWorkerMessage, Refused } from './worker-message.ts';
import { isAnswer } from './numbered-messages.ts';

export interface Judgement {
  /** In the order in which they came. */
  readonly messages: readonly WorkerMessage[];
  /** After these messages the worker broke a rule; nothing after that has been read. */
  readonly violation?: ChannelViolation;
}

interface Budget {
  readonly burst: number;
  readonly perSecond: number;
}

/** As much of a line as is quoted. */
const QUOTED = 60;

export class WorkerInbox {
  // One more, so that a line of the greatest length differs from a cut one. An empty line is no JSON.
  readonly #lines = createLineSplitter(MAXIMUM_WORKER_LINE + 1, true);
  readonly #bytes: TokenBucket;
  readonly #sessionEvents: TokenBucket;
  readonly #reports: TokenBucket;
  /** Questions that the worker has not answered. */
  #questions = 0;
  #isAnnounced = false;

  /** Times are in milliseconds, from any start. */
  constructor(now: number) {
    const bucketOf = ({ burst, perSecond }: Budget): TokenBucket => new TokenBucket(burst, perSecond, now);
    this.#bytes = bucketOf(channelBytes);
    this.#sessionEvents = bucketOf(channelSessionEvents);
    this.#reports = bucketOf(channelReports);
  }

  /** Takes the next piece of the channel, which had so many bytes. To be called no more after a violation. */
  take(piece: string, bytes: number, now: number): Judgement {
    const violation = this.countBytes(bytes, now);
    if (violation !== undefined) return { messages: [], violation };
    const messages: WorkerMessage[] = [];
    for (const line of this.#lines.push(piece)) {
      const read = this.#read(line, now);
      if ('cause' in read) return { messages, violation: read };
      messages.push(read);
    }
    if (this.#lines.unfinishedLength > MAXIMUM_WORKER_LINE) return { messages, violation: tooLong };
    return { messages };
  }

  /** Counts what the worker has written anywhere: to the channel, standard output or standard error. */
  countBytes(bytes: number, now: number): ChannelViolation | undefined {
    return this.#bytes.take(now, bytes) ? undefined : tooMuch(channelBytes.perSecond, 'bytes');
  }

  /** The worker is asked a question: its answer is free. */
  expectAnswer(): void {
    this.#questions += 1;
  }

  #countReports(message: WorkerMessage, now: number): ChannelViolation | undefined {
    const events = message.type === 'events' ? message.events : [];
    const sessionEvents = events.filter(
      ({ kind }) => kind === 'sessionOpened' || kind === 'sessionClosed',
    ).length;
    if (sessionEvents > 0 && !this.#sessionEvents.take(now, sessionEvents)) {
      return tooMuch(channelSessionEvents.perSecond, 'events about sessions');
    }
    if (isAnswer(message) && this.#questions > 0) {
      this.#questions -= 1;
      return undefined;
    }
    const others = message.type === 'events' && events.length > 0 ? events.length - sessionEvents : 1;
    return others === 0 || this.#reports.take(now, others)
      ? undefined
      : tooMuch(channelReports.perSecond, 'reports');
  }

  #read(line: string, now: number): WorkerMessage | ChannelViolation {
    if (line.length > MAXIMUM_WORKER_LINE) return tooLong;
    const parsed = parseLine(line);
    if (parsed === undefined) {
      return { kind: 'notJson', cause: `worker sent a line that is not JSON: "${printable(line, QUOTED)}"` };
    }
    const message = readWorkerMessage(parsed);
    if (message instanceof Refused) {
      return { kind: 'notAMessage', cause: `worker sent a line that is no message: ${message.why}` };
    }
    const excess = this.#countReports(message, now);
    if (excess !== undefined) return excess;
    if (message.type !== 'ready' && message.type !== 'bindFailed') return message;
    if (this.#isAnnounced) return { kind: 'outOfTurn', cause: `worker sent ${message.type} out of turn` };
    this.#isAnnounced = true;
    return message;
  }
}

const tooLong: ChannelViolation = {
  kind: 'lineTooLong',
  cause: `worker sent a line of more than ${MAXIMUM_WORKER_LINE} characters`,
};

function tooMuch(perSecond: number, what: string): ChannelViolation {
  return { kind: 'tooMuch', cause: `worker sent more than ${perSecond} ${what} a second` };
}
