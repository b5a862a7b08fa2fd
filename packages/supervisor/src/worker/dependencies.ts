/** What the supervision of one BMC needs from outside; tests pass their own. */
import type { Meter } from '../status/meter.ts';
import type { Clock } from '../host/clock.ts';
import type { DescribeNetwork } from '../host/host-network.ts';
import type { ProcessActivity } from '../host/process-activity.ts';
import type { AddressServices } from './address-link.ts';
import type { DomainServices } from './domain-link.ts';
import type { Log } from '../log/log.ts';
import type { LogBudgets } from '../status/log-budgets.ts';
import type { GuessingSources } from './guessing-sources.ts';
import type { UserServices } from './user-link.ts';
import type { StartWorker } from './worker-process.ts';

export interface Dependencies extends AddressServices, DomainServices, UserServices {
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly startWorker: StartWorker;
  readonly log: Log;
  /** The lines of the log that clients may cause, of all BMCs together. */
  readonly logBudgets: LogBudgets;
  /** The count of failed logins over all BMCs. */
  readonly guessingSources?: GuessingSources;
  readonly meter: Meter;
  /** The memory limit of a worker; `undefined`: none. */
  readonly memoryLimitBytes: () => number | undefined;
  /** The resident memory of a process; `undefined` when it has gone. */
  readonly residentBytes: (pid: number) => number | undefined;
  /** `undefined` when the process has gone. */
  readonly processActivity: (pid: number) => ProcessActivity | undefined;
  /** Whether this machine has the address, so that a socket can be bound to it. */
  readonly hasAddress: (address: string) => Promise<boolean>;
  /** Without it, a BMC tells nothing of the host's network. */
  readonly describeNetwork?: DescribeNetwork;
  /** The process that has bound a UDP port, on any address or on one: `pid 4711 (vbmcd)`; `undefined` when it cannot be found. */
  readonly portOwner: (port: number, address?: string) => Promise<string | undefined>;
}
