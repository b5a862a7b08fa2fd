/** What has to be there before the daemon can be put together: its inventory, directories and log. */
import type { FollowVirsh } from '@vbmc/bmc-worker/libvirt';
import type { EventRing } from '../control/event-ring.ts';
import { refuseSystemErrors } from '../host/refuse-system-errors.ts';
import { authDirectoryPath, claimRunDirectory, type ClaimedDirectory } from '../host/run-directory.ts';
import { formatDiagnostic } from '../inventory/diagnostic.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { unreadVirtualBmcs } from '../inventory/unread-virtualbmcs.ts';
import { readInventory, type ReadInventory } from '../inventory/read-inventory.ts';
import { EventLogs } from '../event-log/event-logs.ts';
import type { Log } from '../log/log.ts';
import type { Losses } from '../metrics/scraped-metrics.ts';
import { OwedStarts } from '../owed-starts/owed-starts.ts';
import { IpmiUsers } from '../ipmi-users/ipmi-users.ts';
import { PowerRestore } from '../power-restore/power-restore.ts';
import type { ServiceLink } from '../systemd/service-notices.ts';
import { problemText } from '../text/problem.ts';
import { defined } from '../text/records.ts';
import { claimStateDirectory } from '../state-directory/claim-state-directory.ts';
import { LastInventory } from '../state-directory/last-inventory.ts';
import type { VirtualBmcEnvironment } from '../virtualbmc/find-directory.ts';
import { AuthFiles } from '../virsh/auth-files.ts';
import type { Dependencies } from '../worker/dependencies.ts';
import type { UserServices } from '../worker/user-link.ts';
import type { DomainServices } from '../worker/domain-link.ts';

export interface DaemonOptions {
  readonly version: string;
  readonly inventoryPath: string;
  /** What decides, beside the inventory, whether VirtualBMC's own files are a part of it. */
  readonly virtualBmc: VirtualBmcEnvironment;
  readonly runDirectory: string;
  readonly stateDirectory: string;
  /** Which boot of the host this is; `undefined`: ask the kernel. */
  readonly bootId: string | undefined;
  /** Who gets notices of the start and of the end; `undefined`: nobody wants them. */
  readonly service: ServiceLink | undefined;
  /** Whether systemd starts vbmcd again when it ends, with a new run directory. */
  readonly isRestarted: boolean;
  readonly dependencies: Omit<
    Dependencies,
    | 'meter'
    | 'memoryLimitBytes'
    | 'logBudgets'
    | 'guessingSources'
    | keyof DomainServices
    | keyof UserServices
  > & {
    readonly followVirsh: FollowVirsh;
    /** The lines of `log` that are events. */
    readonly events: EventRing;
    /** What vbmcd could not do for want of memory, processes, descriptors or disk space. */
    readonly losses: () => Losses;
  };
}

export interface PreparedDaemon {
  readonly inventory: ReadInventory;
  readonly powerRestore: PowerRestore;
  readonly owedStarts: OwedStarts;
  readonly eventLogs: EventLogs;
  readonly ipmiUsers: IpmiUsers;
  readonly lastInventory: LastInventory;
  readonly authFiles: AuthFiles;
  readonly directory: ClaimedDirectory;
}

/** Throws a `Refusal` when the operating system does not let vbmcd have what it needs. */
export async function prepare(options: DaemonOptions): Promise<PreparedDaemon> {
  const { bootId, inventoryPath, runDirectory, stateDirectory, virtualBmc } = options;
  const { clock, log } = options.dependencies;
  // First: a second vbmcd must not touch anything of the one that runs.
  const directory = await refuseSystemErrors(
    `cannot use the run directory ${runDirectory}`,
    claimRunDirectory(runDirectory),
  );
  await claimStateDirectory(stateDirectory, log);
  const reading = readInventory(inventoryPath, { virtualBmc });
  const inventory = await refuseSystemErrors('cannot read the inventory', reading);
  logDiagnostics(inventory, inventoryPath, log);
  await tellUnreadVirtualBmcs(inventory, virtualBmc, log);
  const powerRestore = await PowerRestore.open({ stateDirectory, clock, log, ...defined({ bootId }) });
  const names = new Set(inventory.entries.map((entry) => (entry.valid ? entry.settings.name : entry.name)));
  const hasBmc = (name: string): boolean => names.has(name);
  const owedStarts = await OwedStarts.open({ stateDirectory, clock, log, hasBmc });
  const eventLogs = new EventLogs({ stateDirectory, clock, log });
  await eventLogs.keepTidy(() => [...names]);
  const ipmiUsers = await IpmiUsers.open(stateDirectory, { clock, log, hasBmc });
  const authFiles = new AuthFiles(authDirectoryPath(runDirectory));
  const lastInventory = new LastInventory(stateDirectory, { clock, log });
  await lastInventory.begin([...names]);
  return { inventory, powerRestore, owedStarts, eventLogs, ipmiUsers, lastInventory, authFiles, directory };
}

/** VirtualBMC reads `~/.vbmc` of its own accord; here somebody has to say so. */
async function tellUnreadVirtualBmcs(
  inventory: Inventory,
  virtualBmc: VirtualBmcEnvironment,
  log: Log,
): Promise<void> {
  const problem = await unreadVirtualBmcs(inventory, virtualBmc);
  if (problem !== undefined) log('warn', problemText(problem));
}

function logDiagnostics(inventory: Inventory, inventoryPath: string, log: Log): void {
  for (const diagnostic of inventory.diagnostics) {
    log(diagnostic.severity === 'error' ? 'error' : 'warn', formatDiagnostic(inventoryPath, diagnostic));
  }
  if (inventory.entries.length === 0) {
    log('warn', `${inventoryPath} has no BMC: write a section [NAME] with a password for each domain`);
  }
}
