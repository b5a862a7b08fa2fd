/** The names of the BMCs, in the state directory: a vbmcd that starts with fewer than the one before says so. */
import { join } from 'node:path';
import type { Clock } from '../host/clock.ts';
import type { Log } from '../log/log.ts';
import { StateFile } from './state-file.ts';
import { stateFiles } from './state-files.ts';
import { parseState, renderState } from './state-text.ts';

const NAMES_SHOWN = 5;

export class LastInventory {
  readonly #log: Log;
  readonly #file: StateFile<readonly string[]>;
  #names: readonly string[] = [];

  constructor(stateDirectory: string, { clock, log }: { readonly clock: Clock; readonly log: Log }) {
    this.#log = log;
    this.#file = new StateFile({
      path: join(stateDirectory, stateFiles.lastInventory.name),
      holds: 'the names of the BMCs',
      ...{ clock, log },
      render: () => renderState({}, new Map(this.#names.map((name) => [name, {}]))),
      parse: (text) => parseState(text)?.bmcs.map(([name]) => name),
    });
  }

  /** Tells which BMCs of an earlier vbmcd are missing, and stores the present names. */
  async begin(names: readonly string[]): Promise<void> {
    try {
      this.#tellMissing((await this.#file.read()) ?? [], new Set(names));
    } catch {
      // The state directory cannot be used, which is told elsewhere.
    }
    await this.store(names);
  }

  /** Resolves when that has been tried. */
  async store(names: readonly string[]): Promise<void> {
    this.#names = names;
    await this.#file.write();
  }

  /** Ends the attempts to store what could not be stored. */
  close(): void {
    this.#file.close();
  }

  /** The BMCs that are there start all the same: a vbmcd that refuses to start would end them too. */
  #tellMissing(before: readonly string[], present: ReadonlySet<string>): void {
    const missing = before.filter((name) => !present.has(name));
    if (missing.length === 0) return;
    const isMost = missing.length > before.length / 2;
    const shown = missing.slice(0, NAMES_SHOWN).join(', ');
    const more = missing.length > NAMES_SHOWN ? ', …' : '';
    this.#log(
      isMost ? 'error' : 'warn',
      `${missing.length} of the ${before.length} BMCs of the last vbmcd are not in the inventory any more (${shown}${more})`,
      { event: 'bmcsMissing', missing: missing.length, before: before.length },
    );
  }
}
