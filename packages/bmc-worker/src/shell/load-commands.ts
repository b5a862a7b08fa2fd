import type { CommandHandler } from '../core/request/commands/handler.ts';
import type { CommandGroup } from '../core/terms/command-group.ts';

/** Reads the bundle of these commands. `undefined`: it cannot be read, which is told. */
export async function loadCommands(group: CommandGroup): Promise<readonly CommandHandler[] | undefined> {
  try {
    return await bundleOf(group);
  } catch (error) {
    // An upgrade has removed the files of this version, and will restart vbmcd: no reason to end sessions before.
    console.error(`cannot read the commands "${group}": ${String(error)}`);
    return undefined;
  }
}

async function bundleOf(group: CommandGroup): Promise<readonly CommandHandler[]> {
  switch (group) {
    case 'settings':
      return (await import('../core/request/setting-commands.ts')).settingCommands;
    case 'records':
      return (await import('../core/request/record-commands.ts')).recordCommands;
  }
}
