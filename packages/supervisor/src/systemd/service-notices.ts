/** The daemon's notices to systemd, or to the process that starts it in the background: ready, signs of life, the state of its BMCs, stopping. */
import { neglectedDuty, signIntervalMs, type Duties } from './watchdog-policy.ts';
import { NOTIFY_RETRY_MS, READY_DEADLINE_MS } from '../supervision/supervision-times.ts';
import { within } from '../supervision/within.ts';
import type { Clock } from '../host/clock.ts';
import type { Log } from '../log/log.ts';
import type { Notify } from './systemd-notify.ts';

/** How to reach whoever wants notices. */
export interface ServiceLink {
  readonly notify: Notify;
  /** systemd restarts the service after this long without a sign of life; `undefined`: no watchdog. */
  readonly watchdogMs: number | undefined;
}

export interface ServiceNoticesOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** Checks the daemon's duties; takes at most `withinMs`. */
  readonly checkDuties: (withinMs: number) => Promise<Duties>;
  /** One line for `systemctl status`. */
  readonly describe: () => string;
}

export class ServiceNotices {
  readonly #service: ServiceLink;
  readonly #options: ServiceNoticesOptions;
  #cancel: () => void = () => undefined;
  #cancelRetry: () => void = () => undefined;
  #cancelReady: () => void = () => undefined;
  #stopping = false;

  constructor(service: ServiceLink, options: ServiceNoticesOptions) {
    this.#service = service;
    this.#options = options;
  }

  /** Reports the service ready when `started` resolves or takes too long, and gives signs of life from then on. */
  async run(started: Promise<void>): Promise<void> {
    const { watchdogMs } = this.#service;
    await within(this.#options.clock, READY_DEADLINE_MS, started);
    if (this.#stopping) return;
    if (watchdogMs !== undefined) this.#schedule(signIntervalMs(watchdogMs));
    await this.#announceReady();
  }

  /** To be called when the result of `describe` has changed. */
  async changed(): Promise<void> {
    if (!this.#stopping) await this.#service.notify([`STATUS=${this.#options.describe()}`]);
  }

  async stopping(): Promise<void> {
    this.#stopping = true;
    this.#cancel();
    this.#cancelRetry();
    this.#cancelReady();
    await this.#service.notify(['STOPPING=1', 'STATUS=stopping all BMCs']);
  }

  /** There may be no memory for a process just now: what systemd did not get is sent again soon. */
  async #announceReady(): Promise<void> {
    if (await this.#service.notify(['READY=1', `STATUS=${this.#options.describe()}`])) return;
    this.#cancelReady = this.#retry(() => this.#announceReady());
  }

  #schedule(intervalMs: number): void {
    this.#cancel = this.#options.clock.after(intervalMs, () => {
      this.#schedule(intervalMs);
      this.#cancelRetry();
      void this.#giveSign(intervalMs);
    });
  }

  async #giveSign(intervalMs: number): Promise<void> {
    const { describe, log, checkDuties } = this.#options;
    const neglected = neglectedDuty(await checkDuties(intervalMs / 2));
    if (this.#stopping) return;
    if (neglected !== undefined) {
      log('error', `no sign of life to systemd: ${neglected}`, { event: 'dutyNeglected' });
      return;
    }
    if (await this.#service.notify(['WATCHDOG=1', `STATUS=${describe()}`])) return;
    this.#cancelRetry = this.#retry(() => this.#giveSign(intervalMs));
  }

  #retry(send: () => Promise<void>): () => void {
    if (this.#stopping) return () => undefined;
    return this.#options.clock.after(NOTIFY_RETRY_MS, () => {
      void send();
    });
  }
}
