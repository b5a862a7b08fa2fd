/** The power restore policies in the state directory, and their application after the host has booted. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DomainState, PowerRestorePolicy } from '@vbmc/bmc-worker/ipc';
import {
  atStart,
  defaultEntry,
  isNewBoot,
  isOn,
  noRecord,
  parseBootId,
  parseRecord,
  renderRecord,
  sameEntry,
  whenSeen,
  withPolicy,
  wouldBeSecondCopy,
  type RestoreEntry,
  type RestoreRecord,
} from './restore-decision.ts';
import type { Clock } from '../host/clock.ts';
import { errorText } from '../host/error-code.ts';
import type { Log } from '../log/log.ts';
import { StateFile } from '../state-directory/state-file.ts';
import { stateFiles } from '../state-directory/state-files.ts';
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
  /** Domains that were on when they were seen before the stored policies could be read. */
  readonly #seenOn = new Set<string>();
  /** Domains that clients have switched off before the stored policies could be read. */
  readonly #calledOff = new Set<string>();
  /** BMCs whose domain was pending, and may be on disk still. */
  readonly #due = new Set<string>();
  /** BMCs whose worker is about to power its domain up. */
  readonly #asked = new Set<string>();
  /** The reading of the stored policies; `undefined` while the last attempt has failed. */
  #loaded: Promise<void> | undefined;
  #isLoaded = false;
  /** Why the stored policies cannot be read, which has been told. */
  #unreadable: string | undefined;
  #cancelWrite: (() => void) | undefined;
  readonly #file: StateFile<RestoreRecord>;

  private constructor(options: PowerRestoreOptions) {
    this.#options = options;
    this.#file = new StateFile({
      path: join(options.stateDirectory, stateFiles.powerRestore.name),
      holds: 'the power restore policies',
      clock: options.clock,
      log: options.log,
      render: () => renderRecord({ bootId: this.#bootId, bmcs: this.#entries }),
      parse: parseRecord,
    });
  }

  /**
   * Reads the stored policies. If they cannot be read, that is told once, and tried again at each store and by `retry`; meanwhile every
   * new policy is refused.
   */
  static async open(options: PowerRestoreOptions): Promise<PowerRestore> {
    const restore = new PowerRestore(options);
    await restore.#store();
    return restore;
  }

  /** `unknown`: the stored policies cannot be read. */
  policyOf(name: string): PowerRestorePolicy | 'unknown' {
    return this.#isLoaded ? this.#entry(name).policy : 'unknown';
  }

  /** Tries a state directory again that could not be used. */
  async retry(): Promise<void> {
    if (!this.#isLoaded || this.#file.isBehind) await this.#store();
  }

  /** Resolves when the policy is on disk, or with the reason why it cannot be stored. */
  async setPolicy(name: string, policy: PowerRestorePolicy): Promise<string | undefined> {
    // With what is stored unread, a store would lose it.
    if (!this.#isLoaded) await this.retry();
    if (!this.#isLoaded) return this.#unreadable;
    const before = this.#entry(name);
    const entry = withPolicy(before, policy, this.#lastSeen.get(name));
    this.#entries.set(name, entry);
    const failure = await this.#store();
    // What has been seen meanwhile stays.
    if (failure !== undefined && this.#entries.get(name) === entry) this.#entries.set(name, before);
    return failure;
  }

  /** Whether the policy may have the domain powered up still, by this vbmcd or, from what is on disk, by the next one. */
  mayPowerUp(name: string): boolean {
    return !this.#isLoaded || this.#due.has(name);
  }

  /** Records a domain's state. Returns whether its worker must be asked now to power it up. */
  saw(name: string, domainState: DomainState): boolean {
    this.#lastSeen.set(name, domainState);
    if (!this.#isLoaded) {
      if (isOn(domainState)) this.#seenOn.add(name);
      this.#storeSoon();
      return false;
    }
    const before = this.#entry(name);
    const { powerUp, entry } = whenSeen(before, domainState);
    if (!sameEntry(before, entry)) {
      this.#entries.set(name, entry);
      this.#storeSoon();
    }
    if (before.pending && entry.migratedAway) this.#tellLeftOff(name);
    if (!powerUp || this.#asked.has(name)) return false;
    this.#asked.add(name);
    return true;
  }

  /** The worker that was asked has powered the domain up, or tells why not. */
  ended(name: string): void {
    this.#asked.delete(name);
    const entry = this.#entry(name);
    if (!entry.pending) return;
    this.#entries.set(name, { ...entry, pending: false });
    this.#storeSoon();
  }

  /** The worker of this BMC has gone: its successor is asked. */
  release(name: string): void {
    if (!this.#asked.delete(name) || !this.#entry(name).pending) return;
    const what = 'power on (power restore policy) was cut when its worker ended: the next one is asked';
    this.#options.log('warn', what, { bmc: name, event: 'powerRestoreCut' });
  }

  /**
   * A client switches the domain off: it has the last word. Resolves when that is on disk, or with the reason why it is not. While
   * the stored policies cannot be read, nobody knows whether there is one, and that is no reason.
   */
  async callOff(name: string): Promise<string | undefined> {
    this.#asked.delete(name);
    if (!this.#isLoaded) {
      this.#calledOff.add(name);
      return undefined;
    }
    if (!this.#due.has(name)) return undefined;
    this.#entries.set(name, { ...this.#entry(name), wasOn: false, pending: false });
    const failure = await this.#store();
    if (failure === undefined) this.#due.delete(name);
    return failure;
  }

  /** Writes pending changes. */
  async close(): Promise<void> {
    this.#file.close();
    if (this.#cancelWrite !== undefined) await this.#store();
  }

  #entry(name: string): RestoreEntry {
    return this.#entries.get(name) ?? defaultEntry;
  }

  async #load(): Promise<void> {
    const { bootId, bootIdFile = BOOT_ID_FILE } = this.#options;
    const text = bootId ?? (await readFile(bootIdFile, 'utf8').catch(() => ''));
    const stored = (await this.#file.read()) ?? noRecord;
    const present = parseBootId(text);
    const record = atStart(stored, present);
    this.#bootId = record.bootId;
    if (isNewBoot(stored, present))
      for (const [name, entry] of stored.bmcs) if (wouldBeSecondCopy(entry)) this.#tellLeftOff(name);
    for (const [name, entry] of record.bmcs) {
      if (entry.pending) this.#due.add(name);
      this.#entries.set(name, this.#whatWasMissed(name, entry));
    }
    this.#isLoaded = true;
  }

  #tellLeftOff(name: string): void {
    const what =
      'the power restore policy does not power the domain up: it was migrated away to another host';
    this.#options.log('warn', what, { bmc: name, event: 'powerRestoreLeftOff' });
  }

  /** A domain that has been on since the host booted was powered off by somebody: it is not powered up again. */
  #whatWasMissed(name: string, entry: RestoreEntry): RestoreEntry {
    const seen = this.#lastSeen.get(name);
    const pending = entry.pending && !this.#seenOn.has(name) && !this.#calledOff.has(name);
    if (seen === undefined || pending) return { ...entry, pending };
    return whenSeen({ ...entry, pending }, seen).entry;
  }

  #storeSoon(): void {
    this.#cancelWrite ??= this.#options.clock.after(POWER_STATE_WRITE_DELAY_MS, () => {
      this.#cancelWrite = undefined;
      void this.#store();
    });
  }

  /** Resolves when everything is on disk, or with why it is not. */
  async #store(): Promise<string | undefined> {
    const unreadable = this.#isLoaded ? undefined : await this.#tryToLoad();
    if (unreadable !== undefined) return unreadable;
    this.#cancelWrite?.();
    this.#cancelWrite = undefined;
    return this.#file.write();
  }

  /** Resolves with the reason if the stored policies cannot be read. */
  async #tryToLoad(): Promise<string | undefined> {
    const { log } = this.#options;
    try {
      this.#loaded ??= this.#load().finally(() => {
        this.#loaded = undefined;
      });
      await this.#loaded;
      if (this.#unreadable !== undefined)
        log('info', 'the state directory can be used again', { event: 'stateDirectoryUsable' });
      this.#unreadable = undefined;
    } catch (error) {
      if (this.#unreadable === undefined) {
        const what = `the state directory cannot be used: ${errorText(error)}`;
        const consequence =
          'power restore policies are refused, and this is tried again at each change and reload';
        log('warn', `${what} (${consequence})`, { event: 'stateDirectoryUnusable' });
      }
      this.#unreadable = errorText(error);
    }
    return this.#unreadable;
  }
}
