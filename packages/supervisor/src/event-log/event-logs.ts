/** The event logs of all BMCs, a file each in the state directory. Those of removed BMCs stay for a while: one of that name finds its log again. */
import { createHash } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Clock } from '../host/clock.ts';
import { removeLeftovers } from '../host/leftovers.ts';
import type { Log } from '../log/log.ts';
import { inStateDirectory } from '../state-directory/in-state-directory.ts';
import { stateFiles } from '../state-directory/state-files.ts';
import { oneAtATime } from '../supervision/one-at-a-time.ts';
import { EventLog } from './event-log.ts';
import { KEPT } from './journal-file.ts';

/** Of the 255 bytes that a file's name may have. */
const LONGEST_NAME = 200;
/** Files of removed BMCs: those that were written last. A CI cloud gives each machine a name of its own. */
const MOST_OF_REMOVED = 256;

export interface EventLogsOptions {
  readonly stateDirectory: string;
  readonly clock: Clock;
  readonly log: Log;
}

type Names = () => readonly string[];

export class EventLogs {
  readonly #options: EventLogsOptions;
  readonly #directory: string;
  readonly #logs = new Map<string, EventLog>();
  readonly #tidyOnce: (present: Names) => Promise<void>;

  constructor(options: EventLogsOptions) {
    this.#options = options;
    this.#directory = join(options.stateDirectory, stateFiles.eventLogs.name);
    this.#tidyOnce = oneAtATime(async ([present]: readonly Names[]) => present && this.#tidy(present));
  }

  /** That of the BMC of this name; there is one for each name. */
  of(bmc: string): EventLog {
    const known = this.#logs.get(bmc);
    if (known !== undefined) return known;
    const { clock, log } = this.#options;
    const created = new EventLog({ clock, log, path: this.#pathOf(bmc), bmc });
    this.#logs.set(bmc, created);
    return created;
  }

  /** Lets go of what was removed, and of half-written copies. `present`: the names that the inventory has now. What cannot be removed does no harm. */
  async keepTidy(present: Names): Promise<void> {
    await this.#tidyOnce(present).catch(() => undefined);
  }

  /** Resolves when what could be written is. */
  async close(): Promise<void> {
    await Promise.all([...this.#logs.values()].map(async (one) => one.close()));
  }

  async #tidy(present: Names): Promise<void> {
    for (const [name, log] of this.#logs) {
      if (present().includes(name)) continue;
      this.#logs.delete(name);
      await log.close();
    }
    await inStateDirectory(this.#directory, async () => {
      const paths = present().map((name) => this.#pathOf(name));
      await removeLeftovers(paths);
      await removeOldest(this.#directory, new Set(paths.map((path) => basename(path))));
    });
  }

  #pathOf(bmc: string): string {
    return join(this.#directory, fileNameOf(bmc));
  }
}

/** Removes all but the newest logs in a directory, and never those in `kept`. */
async function removeOldest(directory: string, kept: ReadonlySet<string>): Promise<void> {
  const names = (await readdir(directory)).filter(
    (name) => ends.some((end) => name.endsWith(end)) && !kept.has(name),
  );
  if (names.length <= MOST_OF_REMOVED) return;
  const paths = names.map((name) => join(directory, name));
  const dated = await Promise.all(paths.map(async (path) => ({ path, age: -(await stat(path)).mtimeMs })));
  dated.sort((one, other) => one.age - other.age);
  for (const { path } of dated.slice(MOST_OF_REMOVED)) await rm(path, { force: true });
}

const SUFFIX = '.jsonl';
const ends = [SUFFIX, `${SUFFIX}${KEPT}`];

/** Names hold any character but control characters; no two share a file. */
export function fileNameOf(bmc: string): string {
  const written = encodeURIComponent(bmc).replace(/^\./, '%2E');
  const isLong = written.length > LONGEST_NAME;
  return `${isLong ? `long%${createHash('sha256').update(bmc).digest('hex')}` : written}${SUFFIX}`;
}
