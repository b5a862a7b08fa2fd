import type { CommandHandler } from '../core/request/commands/handler.ts';
import type { CommandGroup } from '../core/terms/command-group.ts';

/** Reads the bundle of these commands. */
export async function loadCommands(group: CommandGroup): Promise<readonly CommandHandler[]> {
  switch (group) {
    case 'settings':
      return (await import('../core/request/setting-commands.ts')).settingCommands;
    case 'records':
      return (await import('../core/request/record-commands.ts')).recordCommands;
  }
}
