/** Joins one BMC's worker to its users: those of the inventory, and those that clients make by IPMI. */
import type { BmcConfiguration, SupervisorMessage, WorkerMessage } from '@vbmc/bmc-worker/ipc';
import type { Clock } from '../host/clock.ts';
import type { IpmiUsers } from '../ipmi-users/ipmi-users.ts';
import { slotName } from '../ipmi-users/user-slots.ts';
import { Quota } from '../log/log-quota.ts';
import type { WorkerReports } from '../status/worker-reports.ts';
import { USER_UPDATE_DEADLINE_MS } from '../supervision/supervision-times.ts';
import { printable } from '../text/printable.ts';
import type { WorkerRequests } from './worker-requests.ts';

/** Without `ipmiUsers` no user can be made by IPMI. */
export interface UserServices {
  readonly ipmiUsers?: IpmiUsers;
}

/** Each waits for the disk. bmc-config makes five for a user; a worker that was taken over makes as many as it can. */
const CHANGES_PER_MINUTE = 120;
const MINUTE_MS = 60_000;
const MOST_WAITING = 8;

type UserChangeMessage = Extract<WorkerMessage, { type: 'userChange' }>;

export interface UserLinkOptions extends UserServices {
  readonly clock: Clock;
  readonly configuration: () => BmcConfiguration;
  readonly requests: WorkerRequests;
  readonly send: (message: SupervisorMessage) => void;
  readonly reports: Pick<WorkerReports, 'log'>;
}

export class UserLink {
  readonly #options: UserLinkOptions;
  readonly #quota = new Quota(CHANGES_PER_MINUTE, MINUTE_MS);
  /** The change that is being stored, and those that wait for it. */
  #last: Promise<void> = Promise.resolve();
  #waiting = 0;
  /** Counts the workers: each numbers its requests from 1. */
  #workers = 0;

  constructor(options: UserLinkOptions) {
    this.#options = options;
    options.ipmiUsers?.listen(options.configuration().name, () => void this.push());
  }

  /** The configuration for a new worker, with the users that clients have made. */
  complete(configuration: BmcConfiguration): BmcConfiguration {
    const { name, users } = configuration;
    const userSlots = this.#options.ipmiUsers?.slotsOf(name, users) ?? [];
    return userSlots.length === 0 ? configuration : { ...configuration, userSlots };
  }

  /** Tells the worker its users. Resolves with whether it has confirmed them. */
  async push(): Promise<boolean> {
    const { configuration, requests } = this.#options;
    const { users, userSlots = [] } = this.complete(configuration());
    const question = { type: 'updateUsers', users, userSlots } as const;
    return (await requests.ask(question, 'usersUpdated', USER_UPDATE_DEADLINE_MS)) !== undefined;
  }

  /** Stores a change that a client wants, and sends the worker the outcome. */
  async change(message: UserChangeMessage): Promise<void> {
    const worker = this.#workers;
    const refusal = this.#refusal();
    if (refusal !== undefined) {
      this.#answer(message, refusal);
      return;
    }
    this.#waiting += 1;
    const turn = this.#last.then(async () => this.#store(message));
    this.#last = turn.then(() => undefined);
    const failure = await turn;
    this.#waiting -= 1;
    // In this order: who has the answer may log in at once. Another worker may have begun with the users as they were before.
    if (failure === undefined) void this.push();
    if (worker === this.#workers) this.#answer(message, failure);
  }

  /** Removes all users that clients have made. Resolves when that is on disk, or with the reason why it is not. */
  async reset(): Promise<string | undefined> {
    const { configuration, ipmiUsers } = this.#options;
    return ipmiUsers === undefined ? 'there is no state directory' : ipmiUsers.reset(configuration().name);
  }

  workerGone(): void {
    this.#workers += 1;
  }

  #refusal(): string | undefined {
    const { clock, configuration, reports } = this.#options;
    // The worker knows, and asks for no change then; one that was taken over may.
    if (configuration().userChanges !== true) return 'user_changes is no';
    const turn = this.#quota.take(clock.now());
    if (!turn.granted || this.#waiting >= MOST_WAITING) return 'there are too many changes of users';
    if (turn.missed > 0)
      reports.log(
        'warn',
        `${turn.missed} changes of users by IPMI were refused: more than ${CHANGES_PER_MINUTE} a minute`,
        {
          event: 'userChangesRefused',
          refused: turn.missed,
        },
      );
    return undefined;
  }

  async #store(message: UserChangeMessage): Promise<string | undefined> {
    const { configuration, ipmiUsers, reports } = this.#options;
    if (ipmiUsers === undefined) return 'there is no state directory';
    const { name, users } = configuration();
    const before = ipmiUsers.slotsOf(name, users).find(({ id }) => id === message.slot);
    const failure = await ipmiUsers.change(name, message, users);
    const { slot, user, source } = message;
    const after = ipmiUsers.slotsOf(name, users).find(({ id }) => id === slot);
    const who = `"${printable(user)}" from ${printable(source)}`;
    const whom = slotName(after ?? before ?? { name: '' });
    const what = failure === undefined ? whatChanged(message) : `could not be changed: ${failure}`;
    reports.log(failure === undefined ? 'info' : 'warn', `user ${slot} "${whom}" by ${who}: ${what}`, {
      ...{ event: 'userChangedByIpmi', slot, name: whom, user, source },
      ...(failure !== undefined && { failure }),
    });
    return failure;
  }

  #answer({ requestId }: UserChangeMessage, failure: string | undefined): void {
    this.#options.send({ type: 'deviceAnswered', requestId, ...(failure !== undefined && { failure }) });
  }
}

/** In words, without the password. */
function whatChanged(change: UserChangeMessage): string {
  if (change.name === '') return 'removed';
  const { name, password, isEnabled, privilegeLimit, ipmiMessaging, mayUseSol } = change;
  const parts = [
    name !== undefined && 'name set',
    password !== undefined && (password === '' ? 'password removed' : 'password set'),
    isEnabled !== undefined && (isEnabled === 'yes' ? 'enabled' : 'disabled'),
    privilegeLimit !== undefined && `level ${privilegeLimit === 'noAccess' ? 'no access' : privilegeLimit}`,
    ipmiMessaging !== undefined && `IPMI messaging ${ipmiMessaging}`,
    mayUseSol !== undefined && `Serial over LAN ${mayUseSol}`,
  ].filter((part) => part !== false);
  return parts.length === 0 ? 'link authentication set' : parts.join(', ');
}
