/** The event logs of all BMCs, a file each in the state directory. Those of removed BMCs stay: one of that name finds its log again. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Clock } from '../host/clock.ts';
import type { Log } from '../log/log.ts';
import { stateFiles } from '../state-directory/state-files.ts';
import { EventLog } from './event-log.ts';

/** Of the 255 bytes that a file's name may have. */
const LONGEST_NAME = 200;

export interface EventLogsOptions {
  readonly stateDirectory: string;
  readonly clock: Clock;
  readonly log: Log;
}

export class EventLogs {
  readonly #options: EventLogsOptions;
  readonly #logs = new Map<string, EventLog>();

  constructor(options: EventLogsOptions) {
    this.#options = options;
  }

  /** That of the BMC of this name; there is one for each name. */
  of(bmc: string): EventLog {
    const known = this.#logs.get(bmc);
    if (known !== undefined) return known;
    const { stateDirectory, ...rest } = this.#options;
    const path = join(stateDirectory, stateFiles.eventLogs.name, fileNameOf(bmc));
    const created = new EventLog({ ...rest, path, bmc });
    this.#logs.set(bmc, created);
    return created;
  }

  /** Resolves when what could be written is. */
  async close(): Promise<void> {
    await Promise.all([...this.#logs.values()].map(async (one) => one.close()));
  }
}

/** Names hold any character but control characters; no two share a file. */
export function fileNameOf(bmc: string): string {
  const written = encodeURIComponent(bmc).replace(/^\./, '%2E');
  const isLong = written.length > LONGEST_NAME;
  return `${isLong ? `long%${createHash('sha256').update(bmc).digest('hex')}` : written}.jsonl`;
}
