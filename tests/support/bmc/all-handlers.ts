import { commandHandlers } from '#worker/core/request/command-registry.ts';
import type { CommandHandler } from '#worker/core/request/commands/handler.ts';
import { recordCommands } from '#worker/core/request/record-commands.ts';
import { settingCommands } from '#worker/core/request/setting-commands.ts';
import type { CommandGroup } from '#worker/core/terms/command-group.ts';

/** Those that a worker reads when they are first asked for. */
export const handlersOf: Readonly<Record<CommandGroup, readonly CommandHandler[]>> = {
  settings: settingCommands,
  records: recordCommands,
};

export const allHandlers: readonly CommandHandler[] = [
  ...commandHandlers,
  ...settingCommands,
  ...recordCommands,
];
