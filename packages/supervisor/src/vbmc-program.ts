/** What `vbmc` can do: all its verbs, as data. */
import { addCommand } from './cli/commands/add.ts';
import type { Program } from './cli/command.ts';
import { completionCommand } from './cli/commands/completion.ts';
import { DEFAULT_RUN_DIRECTORY } from './cli/paths.ts';
import { deleteCommand } from './cli/commands/delete.ts';
import { discoverCommand } from './cli/commands/discover.ts';
import { doctorCommand } from './cli/commands/doctor.ts';
import { events } from './cli/commands/events.ts';
import { EXIT_CODE_HELP } from './cli/exit-code.ts';
import { exportCommand } from './cli/commands/export.ts';
import { importCommand } from './cli/commands/import.ts';
import { list } from './cli/commands/list.ts';
import { reload } from './cli/commands/reload.ts';
import { show } from './cli/commands/show.ts';
import { status } from './cli/commands/status.ts';
import { startCommand, stopCommand } from './cli/commands/set-active.ts';
import { validate } from './cli/commands/validate.ts';

export const vbmcProgram: Program = {
  name: 'vbmc',
  description: 'Talks to vbmcd, which runs a virtual BMC for every libvirt domain.',
  options: [
    {
      flags: '--run-dir <dir>',
      description: 'where vbmcd has its control socket',
      defaultValue: DEFAULT_RUN_DIRECTORY,
    },
    { flags: '--no-daemon', description: "VirtualBMC's; has no effect here, vbmc never starts vbmcd" },
  ],
  help: `
vbmc VERB --help says more about a verb, with examples. The options above may stand before or after the verb.
The manual: vbmc(1), and domains.ini(5) for the inventory.
${EXIT_CODE_HELP}`,
  does: {
    commands: [
      list,
      show,
      status,
      events,
      addCommand(),
      deleteCommand,
      startCommand,
      stopCommand,
      reload,
      validate,
      discoverCommand(),
      importCommand,
      exportCommand(),
      doctorCommand(),
      completionCommand(() => vbmcProgram),
    ],
  },
};
