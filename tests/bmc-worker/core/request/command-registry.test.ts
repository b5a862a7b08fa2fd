import { commandHandlers } from '#worker/core/request/command-registry.ts';
import { allCommands } from '#support/all-commands.ts';

function sorted(names: readonly string[]): string[] {
  return [...names].sort();
}

describe('the registry of commands', () => {
  test('has exactly one handler for every command of the codec', () => {
    expect(sorted(commandHandlers.map(({ command }) => command.name))).toEqual(
      sorted(allCommands.map(({ name }) => name)),
    );
  });

  test('has no two handlers for the same network function and code', () => {
    const codes = commandHandlers.map(({ command: { netFn, code } }) => `${netFn} ${code}`);

    expect(new Set(codes).size).toBe(codes.length);
  });
});
