/** Users and watchdog timer of one BMC, which clients set and the supervisor keeps. */
import type { BmcEvent, WorkerMessage } from '@vbmc/bmc-worker/ipc';
import type { DomainServices } from './domain-link.ts';
import { UserLink, type UserLinkOptions } from './user-link.ts';
import { WatchdogLink, type WatchdogLinkOptions } from './watchdog-link.ts';

type Message<Type> = Extract<WorkerMessage, { type: Type }>;

/** A worker's requests that are about them. */
export type SettingRequest = Message<'userChange' | 'watchdogSet' | 'watchdogStart' | 'watchdogRead'>;

export type ClientSettingsOptions = UserLinkOptions &
  Pick<DomainServices, 'domainUpdates'> &
  Pick<WatchdogLinkOptions, 'record'>;

export class ClientSettings {
  readonly users: UserLink;
  readonly #watchdog: WatchdogLink;

  constructor(options: ClientSettingsOptions) {
    this.users = new UserLink(options);
    this.#watchdog = new WatchdogLink(options);
  }

  /** What the watchdog timer has last done, for its sensor. */
  get watchdog(): WatchdogLink['last'] {
    return this.#watchdog.last;
  }

  take(request: SettingRequest): void {
    switch (request.type) {
      case 'userChange':
        void this.users.change(request);
        break;
      case 'watchdogSet':
        this.#watchdog.set(request);
        break;
      case 'watchdogStart':
        this.#watchdog.start(request);
        break;
      case 'watchdogRead':
        this.#watchdog.read(request);
    }
  }

  /** Takes events of the worker. */
  noteEvents(events: readonly BmcEvent[]): void {
    this.#watchdog.noteEvents(events);
  }

  /** A worker is ready. */
  open(): void {
    this.#watchdog.open();
  }

  /** It is not ready any more; `isEnd`: nor will be another one, unless the BMC is started again. */
  close(isEnd: boolean): void {
    this.#watchdog.close();
    if (isEnd) this.#watchdog.end();
  }

  /** The worker has ended. */
  workerGone(): void {
    this.users.workerGone();
  }
}
