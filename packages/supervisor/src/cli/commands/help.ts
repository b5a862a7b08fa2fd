/** `vbmc help` */
import { Refusal } from '../../host/operator-error.ts';
import { printable } from '../../text/printable.ts';
import { runCommandLine } from '../command-line.ts';
import type { Command, Program } from '../command.ts';
import { defineCommand } from '../define-command.ts';
import { allExitCodes } from '../exit-code.ts';

/** `program` is called when the command runs, because the program contains this command itself. */
export function helpCommand(program: () => Program): Command {
  return defineCommand({
    name: 'help',
    description: 'print the help of a verb, or of vbmc',
    arguments: [{ flags: '[verb]', description: 'the verb' }],
    options: {},
    help: {
      exitCodes: { 0: 'printed', 1: 'there is no such verb', 2: allExitCodes[2] },
      examples: ['vbmc help', 'vbmc help list'],
    },
    run: (_options, output, [verb]) => {
      const { does } = program();
      const verbs = 'commands' in does ? does.commands.map(({ name }) => name) : [];
      if (verb !== undefined && !verbs.includes(verb)) {
        throw new Refusal(`there is no verb ${printable(verb)}`, { remedy: 'vbmc help lists the verbs' });
      }
      return runCommandLine(program(), [...(verb === undefined ? [] : [verb]), '--help'], output);
    },
  });
}
