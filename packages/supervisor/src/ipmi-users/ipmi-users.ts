/** The users that clients have made by IPMI, in the state directory. The file holds passwords: nobody else may read it. */
import { join } from 'node:path';
import type { BmcUser, BmcUserSlot } from '@vbmc/bmc-worker/ipc';
import type { Clock } from '../host/clock.ts';
import { errorText } from '../host/error-code.ts';
import type { Log } from '../log/log.ts';
import { StateFile } from '../state-directory/state-file.ts';
import { stateFiles } from '../state-directory/state-files.ts';
import { parseState, renderState } from '../state-directory/state-text.ts';
import { changed, placed, readSlots, type UserChange } from './user-slots.ts';

type SlotsByBmc = ReadonlyMap<string, readonly BmcUserSlot[]>;

export interface IpmiUsersServices {
  readonly clock: Clock;
  readonly log: Log;
  /** Whether the inventory has a BMC of that name. Those that it had before vbmcd started leave no users to another one. */
  readonly hasBmc: (name: string) => boolean;
}

export class IpmiUsers {
  readonly #hasBmc: (name: string) => boolean;
  readonly #file: StateFile<SlotsByBmc>;
  #bmcs = new Map<string, readonly BmcUserSlot[]>();
  #isLoaded = false;
  #loading: Promise<void> | undefined;
  /** By BMC: who has to be told when what is stored could be read at last. */
  readonly #listeners = new Map<string, () => void>();

  private constructor(stateDirectory: string, { clock, log, hasBmc }: IpmiUsersServices) {
    this.#hasBmc = hasBmc;
    this.#file = new StateFile({
      path: join(stateDirectory, stateFiles.users.name),
      holds: 'the users set by IPMI',
      mode: 0o600,
      ...{ clock, log },
      render: () => renderState({}, this.#bmcs),
      isEmpty: () => this.#bmcs.size === 0,
      parse,
    });
  }

  /** Reads what is stored. If that cannot be read, changes are refused, and it is tried again at each of them and by `retry`. */
  static async open(stateDirectory: string, services: IpmiUsersServices): Promise<IpmiUsers> {
    const users = new IpmiUsers(stateDirectory, services);
    // Why the directory cannot be used is told with the power restore policies, which are in it too.
    await users.#load();
    return users;
  }

  /** The user ids of this BMC that clients have changed, beside those users of the inventory. */
  slotsOf(name: string, fixed: readonly BmcUser[]): readonly BmcUserSlot[] {
    return placed(this.#bmcs.get(name) ?? [], fixed.length).slots;
  }

  /** Resolves when the change is on disk, or with the reason why it was not made. */
  async change(name: string, change: UserChange, fixed: readonly BmcUser[]): Promise<string | undefined> {
    const unreadable = await this.#load();
    if (unreadable !== undefined) return unreadable;
    const { slots, waiting } = placed(this.#bmcs.get(name) ?? [], fixed.length);
    const after = changed(slots, change, fixed);
    if (typeof after === 'string') return after;
    // One that waits for an id must not come back beside another user of its name.
    const names = new Set(after.map((slot) => slot.name));
    return this.#replace(name, [...after, ...waiting.filter((slot) => !names.has(slot.name))]);
  }

  /** Removes all users that clients have made at this BMC. Resolves when that is on disk, or with the reason why it is not. */
  async reset(name: string): Promise<string | undefined> {
    const unreadable = await this.#load();
    if (unreadable !== undefined) return unreadable;
    return this.#replace(name, []);
  }

  /** The BMC has left the inventory: another one that gets its name must not get its users. */
  bmcRemoved(name: string): void {
    this.#listeners.delete(name);
    if (this.#bmcs.delete(name)) void this.#file.write();
  }

  /** `listener` is called when the slots of this BMC could not be read before, and now can. */
  listen(name: string, listener: () => void): void {
    this.#listeners.set(name, listener);
  }

  /** Tries a state directory again that could not be used. */
  async retry(): Promise<void> {
    const wasLoaded = this.#isLoaded;
    await this.#load();
    if (!wasLoaded && this.#isLoaded) for (const listener of this.#listeners.values()) listener();
    if (this.#file.isBehind) await this.#file.write();
  }

  /** Ends the attempts to store what could not be stored. */
  close(): void {
    this.#file.close();
  }

  async #replace(name: string, slots: readonly BmcUserSlot[]): Promise<string | undefined> {
    const before = this.#bmcs.get(name);
    this.#set(name, slots);
    const failure = await this.#file.write();
    // What has not been stored is not so: a client is told that it has failed.
    if (failure !== undefined) this.#set(name, before ?? []);
    return failure;
  }

  #set(name: string, slots: readonly BmcUserSlot[]): void {
    if (slots.length === 0) this.#bmcs.delete(name);
    else this.#bmcs.set(name, slots);
  }

  /** Resolves with the reason if what is stored cannot be read. */
  async #load(): Promise<string | undefined> {
    if (this.#isLoaded) return undefined;
    this.#loading ??= this.#read().finally(() => {
      this.#loading = undefined;
    });
    return this.#loading.then(() => undefined, errorText);
  }

  async #read(): Promise<void> {
    const stored = [...((await this.#file.read()) ?? [])];
    this.#bmcs = new Map(stored.filter(([name]) => this.#hasBmc(name)));
    this.#isLoaded = true;
  }
}

function parse(text: string): SlotsByBmc | undefined {
  const state = parseState(text);
  if (state === undefined) return undefined;
  const bmcs = new Map<string, readonly BmcUserSlot[]>();
  for (const [name, value] of state.bmcs) {
    const slots = readSlots(value);
    if (slots === undefined) return undefined;
    bmcs.set(name, slots);
  }
  return bmcs;
}
