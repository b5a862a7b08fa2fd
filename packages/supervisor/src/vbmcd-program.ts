/** What `vbmcd` does: the daemon, in the foreground. */
import { virshFollower } from '@vbmc/bmc-worker/libvirt';
import { readNotifyEnvironment } from './systemd/notify-environment.ts';
import { systemClock } from './host/clock.ts';
import { forbidCoreDumps } from './host/core-dumps.ts';
import { runDaemon } from './daemon/daemon.ts';
import type { DaemonOptions } from './daemon/prepare.ts';
import { createLog, defaultLogFormat, logFormats, logLevels } from './log/log.ts';
import { nameProcess } from './host/process-name.ts';
import { findPortOwner } from './host/port-owner.ts';
import { hasAddress } from './host/has-address.ts';
import { Refusal } from './host/operator-error.ts';
import { residentBytes } from './host/resident-memory.ts';
import { systemdNotifier } from './systemd/systemd-notify.ts';
import { workerStarter } from './worker/worker-process.ts';
import { VERSION } from './host/version.ts';
import type { OptionValues, Program } from './cli/command.ts';
import { DEFAULT_INVENTORY, DEFAULT_RUN_DIRECTORY, DEFAULT_STATE_DIRECTORY } from './cli/paths.ts';
import { problemText } from './text/problem.ts';
import { exitCodes, type ExitCode } from './cli/exit-code.ts';

/** Describes `vbmcd`, which forks `workerEntryFile` for each BMC. */
export function daemonProgram(workerEntryFile: string): Program {
  return {
    name: 'vbmcd',
    description:
      'Runs a virtual BMC (IPMI 2.0 over RMCP+) for every libvirt domain of an inventory, in the foreground.',
    options: [
      {
        flags: '--inventory <file>',
        description: 'the BMCs, one section each; the files in domains.d/ beside it are read as well',
        defaultValue: DEFAULT_INVENTORY,
      },
      {
        flags: '--run-dir <dir>',
        description: 'where to make the control socket, vbmc.sock',
        defaultValue: DEFAULT_RUN_DIRECTORY,
      },
      {
        flags: '--state-dir <dir>',
        description: 'for what must outlive a restart: power restore policies, and the states they need',
        defaultValue: DEFAULT_STATE_DIRECTORY,
      },
      {
        flags: '--boot-id <id>',
        description: 'which boot of the host this is, for power restore policies (default: the kernel tells)',
      },
      {
        flags: '--log-level <level>',
        description: 'how much to log',
        defaultValue: 'info',
        choices: logLevels,
      },
      {
        flags: '--log-format <format>',
        description: 'text for people, json for machines, journal with systemd priorities',
        choices: logFormats,
      },
    ],
    help: `
SIGHUP reads the inventory again, as \`vbmc reload\` does, and logs what came of it.
SIGTERM and SIGINT stop all BMCs and then vbmcd; a second one does not wait for them.
Without --log-format the log is text, or journal when systemd connected it to the journal.

Exit codes:
  0  stopped as asked
  1  could not start: the log says why
  2  the command line is wrong

The manual: vbmcd(8), and domains.ini(5) for the inventory.`,
    does: { run: (options) => serve(options, workerEntryFile) },
  };
}

async function serve(options: OptionValues, workerEntryFile: string): Promise<ExitCode> {
  nameProcess('vbmcd');
  const log = createLog(
    logLevels.find((level) => level === options['logLevel']) ?? 'info',
    logFormats.find((format) => format === options['logFormat']) ?? defaultLogFormat(process.env),
  );
  const dependencies: DaemonOptions['dependencies'] = {
    clock: systemClock,
    random: Math.random,
    startWorker: workerStarter(workerEntryFile, process.env),
    followVirsh: virshFollower(),
    log,
    residentBytes,
    hasAddress,
    portOwner: findPortOwner,
  };
  const coreDumps = await forbidCoreDumps(process.pid);
  if (coreDumps !== undefined) log('warn', `core dumps, which hold passwords, stay allowed: ${coreDumps}`);
  const wanted = readNotifyEnvironment(process.env, process.pid);
  const service = wanted && {
    notify: systemdNotifier(wanted, log, process.env),
    watchdogMs: wanted.watchdogMs,
  };
  try {
    await runDaemon(
      {
        version: VERSION,
        inventoryPath: String(options['inventory']),
        runDirectory: String(options['runDir']),
        stateDirectory: String(options['stateDir']),
        bootId: typeof options['bootId'] === 'string' ? options['bootId'] : undefined,
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
      },
    );
    return exitCodes.done;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    log('error', problemText(error));
    return exitCodes.failed;
  }
}
