/** The power restore policies in the state directory, and their application after the host has booted. */
import { mkdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { DomainState, PowerRestorePolicy } from '@vbmc/bmc-worker/ipc';
import {
  atStart,
  defaultEntry,
  isOn,
  noRecord,
  parseBootId,
  parseRecord,
  renderRecord,
  sameEntry,
  whenSeen,
  type RestoreEntry,
  type RestoreRecord,
} from './restore-decision.ts';
import type { Clock } from '../host/clock.ts';
import { errorCode } from '../host/error-code.ts';
import { writeInOneStep } from '../host/write-in-one-step.ts';
import type { Log } from '../log/log.ts';
import { POWER_STATE_WRITE_DELAY_MS } from '../supervision/supervision-times.ts';

const BOOT_ID_FILE = '/proc/sys/kernel/random/boot_id';

export interface PowerRestoreOptions {
  readonly stateDirectory: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Identifies the host's boot: 32 hex digits, with or without `-`. Default: read from the kernel. */
  readonly bootId?: string;
  /** The kernel's file with it. */
  readonly bootIdFile?: string;
}

export class PowerRestore {
  readonly #options: PowerRestoreOptions;
  #bootId: string | undefined;
  readonly #entries = new Map<string, RestoreEntry>();
  readonly #lastSeen = new Map<string, DomainState>();
  /** Why nothing can be stored. */
  #unusable: string | undefined;
  #cancelWrite: (() => void) | undefined;
  #written: Promise<void> = Promise.resolve();

  private constructor(options: PowerRestoreOptions) {
    this.#options = options;
  }

  /** Reads the stored policies. If the directory cannot be used, that is logged, and every new policy is refused. */
  static async open(options: PowerRestoreOptions): Promise<PowerRestore> {
    const restore = new PowerRestore(options);
    const { stateDirectory, log, bootIdFile = BOOT_ID_FILE } = options;
    const text = options.bootId ?? (await readFile(bootIdFile, 'utf8').catch(() => ''));
    const bootId = parseBootId(text);
    try {
      await mkdir(stateDirectory, { recursive: true, mode: 0o755 });
      const record = atStart(await restore.#read(), bootId);
      restore.#bootId = record.bootId;
      for (const [name, entry] of record.bmcs) restore.#entries.set(name, entry);
      await restore.#write();
    } catch (error) {
      restore.#unusable = messageOf(error);
      const what = `the state directory cannot be used, power restore policies are refused: ${messageOf(error)}`;
      log('warn', what, { event: 'stateDirectoryUnusable' });
    }
    return restore;
  }

  policyOf(name: string): PowerRestorePolicy {
    return this.#entry(name).policy;
  }

  /** Resolves when the policy is on disk, or with the reason why it cannot be stored. */
  async setPolicy(name: string, policy: PowerRestorePolicy): Promise<string | undefined> {
    if (this.#unusable !== undefined) return this.#unusable;
    const before = this.#entry(name);
    const seen = this.#lastSeen.get(name);
    const wasOn = policy === 'previousState' && seen !== undefined && isOn(seen);
    this.#entries.set(name, { policy, wasOn, pending: before.pending });
    try {
      await this.#write();
      return undefined;
    } catch (error) {
      this.#entries.set(name, before);
      return messageOf(error);
    }
  }

  /** Records a domain's state. Returns whether the domain must be powered up now. */
  saw(name: string, domainState: DomainState): boolean {
    this.#lastSeen.set(name, domainState);
    const before = this.#entry(name);
    const { powerUp, entry } = whenSeen(before, domainState);
    if (!sameEntry(before, entry)) {
      this.#entries.set(name, entry);
      this.#writeSoon();
    }
    return powerUp;
  }

  /** Writes pending changes. */
  async close(): Promise<void> {
    if (this.#cancelWrite !== undefined) await this.#write().catch(this.#complain);
  }

  #entry(name: string): RestoreEntry {
    return this.#entries.get(name) ?? defaultEntry;
  }

  get #path(): string {
    return join(this.#options.stateDirectory, 'power-restore.json');
  }

  async #read(): Promise<RestoreRecord> {
    let text: string;
    try {
      text = await readFile(this.#path, 'utf8');
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return noRecord;
      throw error;
    }
    const record = parseRecord(text);
    if (record !== undefined) return record;
    const aside = `${this.#path}.unreadable`;
    await rename(this.#path, aside);
    this.#options.log('warn', `the stored power restore policies cannot be read: moved to ${aside}`, {
      event: 'stateUnreadable',
    });
    return noRecord;
  }

  #writeSoon(): void {
    if (this.#unusable !== undefined) return;
    this.#cancelWrite ??= this.#options.clock.after(POWER_STATE_WRITE_DELAY_MS, () => {
      void this.#write().catch(this.#complain);
    });
  }

  readonly #complain = (error: unknown): void => {
    this.#options.log('warn', `the power states could not be stored: ${messageOf(error)}`, {
      event: 'stateNotStored',
    });
  };

  /** Writes run one after the other, and each replaces the whole file or nothing. */
  async #write(): Promise<void> {
    this.#cancelWrite?.();
    this.#cancelWrite = undefined;
    const text = renderRecord({ bootId: this.#bootId, bmcs: this.#entries });
    const write = this.#written.then(() => writeInOneStep(this.#path, text, { mode: 0o644 }));
    this.#written = write.catch(() => undefined);
    await write;
  }
}

function messageOf(error: unknown): string {
  return String(error).replace(/^Error: /, '');
}
