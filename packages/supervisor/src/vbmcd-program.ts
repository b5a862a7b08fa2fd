/** The command line of `vbmcd`: the daemon, in the foreground or in the background. */
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { startInBackground } from './background/start-in-background.ts';
import { staysInForeground } from './background/stays-in-foreground.ts';
import type { HelpRow, Program } from './cli/command.ts';
import { reportingFailures } from './cli/errors.ts';
import { allExitCodes, exitCodes, type ExitCode } from './cli/exit-code.ts';
import { choice, choiceOr, describeOptions, flag, readOptions, text, textElse } from './cli/options.ts';
import type { Output } from './cli/output.ts';
import { makeOwnFiles } from './cli/own-files.ts';
import { defaultPaths, pathTexts } from './cli/paths.ts';
import { controlSocketPath } from './host/run-directory.ts';
import { logFormats, logLevels } from './log/log.ts';
import { serve, type ServeOptions } from './serve.ts';
import { BACKGROUND_LOG, stateFiles } from './state-directory/state-files.ts';
import { printable } from './text/printable.ts';

const options = {
  inventory: textElse(
    () => defaultPaths().inventory,
    pathTexts.inventory,
    '<file>',
    'the BMCs, one section each; vbmcd also reads the files in domains.d/ next to it',
  ),
  runDir: textElse(
    () => defaultPaths().runDirectory,
    pathTexts.runDirectory,
    '<dir>',
    'where to create the control socket, vbmc.sock',
  ),
  stateDir: textElse(
    () => defaultPaths().stateDirectory,
    pathTexts.stateDirectory,
    '<dir>',
    'for what must survive a restart (files below)',
  ),
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
  logFile: text(
    '<file>',
    'append the log to this file instead of standard error, and keep it small: at 8 MiB it becomes FILE.1',
  ),
  foreground: flag('do not go to the background; what systemd starts, and process 1, stays without it'),
};

/** Describes `vbmcd`, which forks `workerEntryFile` for each BMC. */
export function daemonProgram(workerEntryFile: string): Program {
  return {
    name: 'vbmcd',
    description: 'Runs a virtual BMC (IPMI 2.0 over RMCP+) for every libvirt domain of an inventory.',
    options: describeOptions(options),
    help: {
      paragraphs: [
        `Without --foreground vbmcd goes to the background: it returns when the BMCs answer, or after a minute, and says where it runs. A start that fails returns with the reason. The log is then ${BACKGROUND_LOG} in the state directory.`,
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
        0: 'stopped as requested, or runs in the background',
        1: 'could not start, or met too many bugs of its own; the log says why',
        2: allExitCodes[2],
        7: 'systemd has started it, and another vbmcd has the run or state directory; otherwise that is 1',
      },
    },
    does: {
      run: reportingFailures(async (values, output) => {
        const given = readOptions(options, values);
        const { inventory, runDir: runDirectory, stateDir: stateDirectory } = given;
        await makeOwnFiles({ inventory, runDirectory, stateDirectory });
        if (given.foreground || staysInForeground()) return serve(given, workerEntryFile);
        return goToBackground(given, output);
      }, 'vbmcd'),
    },
  };
}

async function goToBackground(given: ServeOptions, output: Output): Promise<ExitCode> {
  const [runDir, stateDir] = [resolve(given.runDir), resolve(given.stateDir)];
  if (given.logFile === undefined) await mkdir(stateDir, { recursive: true, mode: 0o755 });
  const logFile = resolve(given.logFile ?? join(stateDir, BACKGROUND_LOG));
  const result = await startInBackground({
    logFile,
    args: [
      ...['--foreground', '--inventory', resolve(given.inventory), '--run-dir', runDir],
      ...['--state-dir', stateDir, '--log-level', given.logLevel, '--log-file', logFile],
      ...(given.logFormat === undefined ? [] : ['--log-format', given.logFormat]),
      ...(given.bootId === undefined ? [] : ['--boot-id', given.bootId]),
    ],
  });
  switch (result.kind) {
    case 'up': {
      const where = `log ${logFile}, control socket ${controlSocketPath(runDir)}`;
      output.result(
        `vbmcd runs in the background, pid ${result.pid}, ${result.status}; ${where}; kill ${result.pid} ends it\n`,
      );
      return exitCodes.done;
    }
    case 'refused':
      output.problem(`vbmcd: ${printable(result.problem, 6_000)}\n`);
      return exitCodes.failed;
    case 'ended': {
      const said = result.log === '' ? '' : `:\n${printableLines(result.log)}`;
      output.problem(
        `vbmcd: vbmcd has ended ${result.how} before its BMCs answered; its log is ${logFile}${said}\n`,
      );
      return exitCodes.failed;
    }
  }
}

function printableLines(text: string): string {
  return text
    .split('\n')
    .map((line) => printable(line, 1_000))
    .join('\n');
}
