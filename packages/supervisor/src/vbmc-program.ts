/** The verbs of `vbmc`, as data. */
import type { Program } from './cli/command.ts';
import { addCommand } from './cli/commands/add.ts';
import { completeCommand } from './cli/commands/complete.ts';
import { completionCommand } from './cli/commands/completion.ts';
import { deleteCommand } from './cli/commands/delete.ts';
import { discoverCommand } from './cli/commands/discover.ts';
import { doctorCommand } from './cli/commands/doctor.ts';
import { eventsCommand } from './cli/commands/events.ts';
import { exportCommand } from './cli/commands/export.ts';
import { helpCommand } from './cli/commands/help.ts';
import { importCommand } from './cli/commands/import.ts';
import { listCommand } from './cli/commands/list.ts';
import { reloadCommand } from './cli/commands/reload.ts';
import { startCommand, stopCommand } from './cli/commands/set-active.ts';
import { usersCommand } from './cli/commands/users.ts';
import { sessionsCommand } from './cli/commands/sessions.ts';
import { showCommand } from './cli/commands/show.ts';
import { statusCommand } from './cli/commands/status.ts';
import { validateCommand } from './cli/commands/validate.ts';
import { commonOptions } from './cli/define-command.ts';
import { allExitCodes } from './cli/exit-code.ts';
import { logFileOption } from './cli/log-file.ts';
import { describeOptions, flag, short } from './cli/options.ts';

const options = {
  ...commonOptions,
  logFile: logFileOption,
  quiet: short('q', flag('for compatibility with VirtualBMC, without effect')),
  verbose: short('v', flag('for compatibility with VirtualBMC, without effect')),
  debug: flag('for compatibility with VirtualBMC, without effect'),
  noDaemon: flag('for compatibility with VirtualBMC, without effect: vbmc never starts vbmcd'),
};

export const vbmcProgram: Program = {
  name: 'vbmc',
  description: 'Controls vbmcd, which runs a virtual BMC for every libvirt domain.',
  options: describeOptions(options),
  help: {
    paragraphs: [
      'vbmc VERB --help describes a verb, with examples. The options above may come before or after the verb.',
      'Manual pages: vbmc(1), and domains.ini(5) for the inventory.',
    ],
    exitCodes: allExitCodes,
  },
  does: {
    commands: [
      listCommand,
      showCommand,
      sessionsCommand,
      usersCommand,
      statusCommand,
      eventsCommand,
      addCommand(),
      deleteCommand,
      startCommand,
      stopCommand,
      reloadCommand,
      validateCommand,
      discoverCommand(),
      importCommand,
      exportCommand(),
      doctorCommand(),
      completionCommand(() => vbmcProgram),
      completeCommand(() => vbmcProgram),
      helpCommand(() => vbmcProgram),
    ],
  },
};
