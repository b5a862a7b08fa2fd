/** The command line of `vbmcd`: the daemon, in the foreground. */
import { knownParentDeath, loadVirshRunner, virshFollower } from '@vbmc/bmc-worker/libvirt';
import { createEventLog } from './control/event-log.ts';
import { readNotifyEnvironment } from './systemd/notify-environment.ts';
import { systemClock } from './host/clock.ts';
import { forbidCoreDumps } from './host/core-dumps.ts';
import { runDaemon } from './daemon/daemon.ts';
import type { DaemonOptions } from './daemon/prepare.ts';
import { defaultLogFormat, logFormats, logLevels } from './log/log.ts';
import { limitLinesPerSubject } from './log/lines-per-subject.ts';
import { nameProcess } from './host/process-name.ts';
import { findPortOwner } from './host/port-owner.ts';
import { endThoughFilesHang } from './host/hanging-files.ts';
import { hasAddress } from './host/has-address.ts';
import { parentDeathProblem } from './host/parent-death-problem.ts';
import { Refusal } from './host/operator-error.ts';
import { processActivity } from './host/process-activity.ts';
import { readKernelTables } from './host/read-address-tables.ts';
import { residentBytes } from './host/resident-memory.ts';
import { systemdNotifier } from './systemd/systemd-notify.ts';
import { ProgramStarts } from './supervision/program-starts.ts';
import { AddressWatch } from './worker/address-watch.ts';
import { workerStarter } from './worker/worker-process.ts';
import { VERSION } from './host/version.ts';
import type { HelpRow, Program } from './cli/command.ts';
import { stateFiles } from './state-directory/state-files.ts';
import {
  choice,
  choiceOr,
  describeOptions,
  flag,
  readOptions,
  text,
  textOr,
  type ValuesOf,
} from './cli/options.ts';
import { DEFAULT_INVENTORY, DEFAULT_RUN_DIRECTORY, DEFAULT_STATE_DIRECTORY } from './cli/paths.ts';
import { problemText } from './text/problem.ts';
import { allExitCodes, exitCodes, type ExitCode } from './cli/exit-code.ts';

const options = {
  inventory: textOr(
    DEFAULT_INVENTORY,
    '<file>',
    'the BMCs, one section each; vbmcd also reads the files in domains.d/ next to it',
  ),
  runDir: textOr(DEFAULT_RUN_DIRECTORY, '<dir>', 'where to create the control socket, vbmc.sock'),
  stateDir: textOr(DEFAULT_STATE_DIRECTORY, '<dir>', 'for what must survive a restart (files below)'),
  bootId: text(
    '<id>',
    'identifies this boot of the host, for power restore policies (default: from the kernel)',
  ),
  logLevel: choiceOr('info', logLevels, '<level>', 'how much to log'),
  logFormat: choice(
    logFormats,
    '<format>',
    'text for people, json for programs, journal for systemd, with its priorities',
  ),
  foreground: flag('for compatibility with VirtualBMC, without effect: vbmcd always stays in the foreground'),
};

/** Time for the last lines of the log to be written. */
const LAST_WORDS_MS = 500;

/** Describes `vbmcd`, which forks `workerEntryFile` for each BMC. */
export function daemonProgram(workerEntryFile: string): Program {
  return {
    name: 'vbmcd',
    description:
      'Runs a virtual BMC (IPMI 2.0 over RMCP+) for every libvirt domain of an inventory, in the foreground.',
    options: describeOptions(options),
    help: {
      paragraphs: [
        'SIGHUP makes vbmcd read the inventory again, as `vbmc reload` does, and log the result. SIGTERM and SIGINT stop all BMCs and then vbmcd; a second signal kills the BMCs that have not stopped.',
        'Without --log-format the log is text, or journal when systemd connected it to the journal.',
        'Manual pages: vbmcd(8), and domains.ini(5) for the inventory.',
      ],
      lists: [
        {
          title: 'Files in --state-dir (one that makes no sense becomes NAME.unreadable)',
          rows: Object.values(stateFiles).map(({ name, holds }): HelpRow => [name, holds]),
        },
      ],
      exitCodes: {
        0: 'stopped as requested',
        1: 'could not start, or met too many bugs of its own; the log says why',
        2: allExitCodes[2],
      },
    },
    does: { run: (given) => serve(readOptions(options, given), workerEntryFile) },
  };
}

async function serve(given: ValuesOf<typeof options>, workerEntryFile: string): Promise<ExitCode> {
  nameProcess('vbmcd');
  // Without a listener Node opens its debugger, on a port that every local account can connect to.
  process.on('SIGUSR1', () => undefined);
  const format = given.logFormat ?? defaultLogFormat(process.env);
  const { log: unlimited, events, droppedLines } = createEventLog(given.logLevel, format, systemClock);
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
    portOwner: findPortOwner,
  };
  const [coreDumps] = await Promise.all([forbidCoreDumps(process.pid), loadVirshRunner()]);
  if (coreDumps !== undefined)
    log('warn', `core dumps, which would contain passwords, stay allowed: ${coreDumps}`);
  const orphans = parentDeathProblem(knownParentDeath());
  if (orphans !== undefined) log('warn', problemText(orphans));
  const wanted = readNotifyEnvironment(process.env, process.pid);
  const service = wanted && {
    notify: systemdNotifier(wanted, log, process.env, { report: programStarts.reporter('systemd-notify') }),
    watchdogMs: wanted.watchdogMs,
  };
  try {
    await runDaemon(
      {
        version: VERSION,
        inventoryPath: given.inventory,
        runDirectory: given.runDir,
        stateDirectory: given.stateDir,
        bootId: given.bootId,
        service,
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
    log('error', problemText(error));
    return exitCodes.failed;
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
  setTimeout(() => process.exit(), LAST_WORDS_MS).unref();
}
