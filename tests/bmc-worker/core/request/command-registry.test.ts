import { netFn } from '@vbmc/ipmi-codec';
import { laterCommands } from '#worker/core/request/later-commands.ts';
import { commandGroups } from '#worker/core/terms/command-group.ts';
import { allCommands } from '#support/all-commands.ts';
import { allHandlers, handlersOf } from '#support/bmc/all-handlers.ts';

function sorted<T>(values: readonly T[]): T[] {
  return [...values].sort();
}

describe('the registry of commands', () => {
  test('has exactly one handler for every command of the codec', () => {
    expect(sorted(allHandlers.map(({ command }) => command.name))).toEqual(
      sorted(allCommands.map(({ name }) => name)),
    );
  });

  test('has no two handlers for the same network function and code', () => {
    const codes = allHandlers.map(({ command: { netFn: name, code } }) => `${name} ${code}`);

    expect(new Set(codes).size).toBe(codes.length);
  });

  test.each(commandGroups)('the table of what is read later names the commands of the group %s', (group) => {
    const handlers = handlersOf[group].map(({ command, privilege }) => ({
      key: (netFn[command.netFn] << 8) | command.code,
      outside: privilege === 'none',
    }));
    const table = [...laterCommands]
      .filter(([, later]) => later.group === group)
      .map(([key, later]) => ({ key, outside: later.outsideSession === true }));
    const byKey = (a: { key: number }, b: { key: number }): number => a.key - b.key;
    expect(table.sort(byKey)).toEqual(handlers.sort(byKey));
  });
});
