/** Runs the daemon in this process, until it has stopped. */
import { knownParentDeath, loadVirshRunner, virshFollower } from '@vbmc/bmc-worker/libvirt';
import { findLauncher } from './background/launcher.ts';
import { exitCodes, type ExitCode } from './cli/exit-code.ts';
import { createEventLog } from './control/event-log.ts';
import { runDaemon } from './daemon/daemon.ts';
import type { DaemonOptions } from './daemon/prepare.ts';
import { systemClock } from './host/clock.ts';
import { forbidCoreDumps } from './host/core-dumps.ts';
import { DirectoryTaken } from './host/directory-lock.ts';
import { endThoughFilesHang } from './host/hanging-files.ts';
import { describeNetwork } from './host/host-network.ts';
import { hasAddress } from './host/has-address.ts';
import { Refusal } from './host/operator-error.ts';
import { parentDeathProblem } from './host/parent-death-problem.ts';
import { findPortOwner } from './host/port-owner.ts';
import { processActivity } from './host/process-activity.ts';
import { nameProcess } from './host/process-name.ts';
import { readKernelTables } from './host/read-address-tables.ts';
import { endThoughLookupsRun, hostsFileVersion, resolveName } from './host/resolve-name.ts';
import { residentBytes } from './host/resident-memory.ts';
import { VERSION } from './host/version.ts';
import { limitLinesPerSubject } from './log/lines-per-subject.ts';
import { LogFile } from './log/log-file.ts';
import { defaultLogFormat, type LogFormat } from './log/log.ts';
import type { LogLevel } from './log/log-level.ts';
import { ProgramStarts } from './supervision/program-starts.ts';
import { readNotifyEnvironment } from './systemd/notify-environment.ts';
import { systemdNotifier } from './systemd/systemd-notify.ts';
import { problemText } from './text/problem.ts';
import { ownEnvironment } from './virtualbmc/find-directory.ts';
import { AddressWatch } from './worker/address-watch.ts';
import { NameWatch } from './worker/name-watch.ts';
import { workerStarter } from './worker/worker-process.ts';

/** The options of vbmcd that the daemon itself has. */
export interface ServeOptions {
  readonly inventory: string;
  readonly runDir: string;
  readonly stateDir: string;
  readonly bootId: string | undefined;
  readonly logLevel: LogLevel;
  readonly logFormat: LogFormat | undefined;
  readonly logFile: string | undefined;
}

/** Time for the last lines of the log to be written. */
const LAST_WORDS_MS = 500;

/** Forks `workerEntryFile` for each BMC. Throws a `Refusal` or Node's error when the log cannot be written. */
export async function serve(given: ServeOptions, workerEntryFile: string): Promise<ExitCode> {
  nameProcess('vbmcd');
  // Without a listener Node opens its debugger, on a port that every local account can connect to.
  process.on('SIGUSR1', () => undefined);
  const launcher = findLauncher();
  const format = given.logFormat ?? (given.logFile === undefined ? defaultLogFormat(process.env) : 'text');
  const { logFile, logLevel } = given;
  const stream = logFile === undefined ? undefined : new LogFile(logFile);
  const {
    log: unlimited,
    events,
    droppedLines,
  } = createEventLog(logLevel, format, systemClock, stream, logFile);
  const log = limitLinesPerSubject(unlimited, systemClock);
  const programStarts = new ProgramStarts(systemClock, log);
  const dependencies: DaemonOptions['dependencies'] = {
    clock: systemClock,
    random: Math.random,
    startWorker: workerStarter(workerEntryFile, process.env, systemClock, {
      report: programStarts.reporter('worker'),
    }),
    followVirsh: virshFollower('virsh', programStarts.reporter('virsh')),
    log,
    events,
    losses: () => ({ notStarted: programStarts.failures, logLines: droppedLines() }),
    residentBytes,
    processActivity,
    hasAddress,
    hostAddresses: new AddressWatch({ clock: systemClock, log, read: readKernelTables }),
    describeNetwork,
    portOwner: findPortOwner,
    hostNames: new NameWatch({
      ...{ clock: systemClock, random: Math.random, log, hasAddress },
      resolve: resolveName,
      hostsFile: hostsFileVersion,
    }),
  };
  const [coreDumps] = await Promise.all([forbidCoreDumps(process.pid), loadVirshRunner()]);
  if (coreDumps !== undefined)
    log('warn', `core dumps, which would contain passwords, stay allowed: ${coreDumps}`);
  const orphans = parentDeathProblem(knownParentDeath());
  if (orphans !== undefined) log('warn', problemText(orphans));
  const wanted = readNotifyEnvironment(process.env, process.pid);
  const systemd = wanted && {
    notify: systemdNotifier(wanted, log, process.env, { report: programStarts.reporter('systemd-notify') }),
    watchdogMs: wanted.watchdogMs,
  };
  try {
    await runDaemon(
      {
        version: VERSION,
        inventoryPath: given.inventory,
        virtualBmc: ownEnvironment(),
        runDirectory: given.runDir,
        stateDirectory: given.stateDir,
        bootId: given.bootId,
        service: systemd ?? launcher?.service,
        isRestarted: systemd !== undefined,
        dependencies,
      },
      {
        onStop: (callback) => {
          process.on('SIGTERM', callback);
          process.on('SIGINT', callback);
        },
        onReload: (callback) => {
          process.on('SIGHUP', callback);
        },
        onBug: (callback) => {
          process.on('uncaughtException', callback);
        },
        end: () => process.exit(exitCodes.failed),
      },
    );
    return exitCodes.done;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    launcher?.refuse(problemText(error));
    // The log in a directory of another vbmcd is that one's.
    const isTaken = error instanceof DirectoryTaken;
    if (launcher === undefined || !isTaken) log('error', problemText(error));
    return isTaken && systemd !== undefined ? exitCodes.directoryTaken : exitCodes.failed;
  } finally {
    endThoughFilesHang((message) => {
      log('warn', message);
    });
    endThoughProgramsRun();
  }
}

/**
 * A `virsh` that libvirt owes an answer is never killed while vbmcd runs, and Node does not end while one of its children runs.
 * The kernel ends them with vbmcd.
 */
function endThoughProgramsRun(): void {
  setTimeout(() => {
    endThoughLookupsRun();
    process.exit();
  }, LAST_WORDS_MS).unref();
}
