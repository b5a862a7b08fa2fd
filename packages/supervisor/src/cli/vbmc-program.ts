/** What `vbmc` can do: all its verbs, as data. */
import { addCommand } from './add.ts';
import type { Program } from './command.ts';
import { completionCommand } from './completion.ts';
import { DEFAULT_RUN_DIRECTORY } from './default-paths.ts';
import { deleteCommand } from './delete.ts';
import { discoverCommand } from './discover.ts';
import { doctorCommand } from './doctor.ts';
import { events } from './events.ts';
import { EXIT_CODE_HELP } from './exit-code.ts';
import { exportCommand } from './export.ts';
import { importCommand } from './import.ts';
import { list } from './list.ts';
import { reload } from './reload.ts';
import { show } from './show.ts';
import { status } from './status.ts';
import { startCommand, stopCommand } from './set-active.ts';
import { validate } from './validate.ts';

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
