/** `vbmc complete`: VirtualBMC's verb for completion in bash. */
import type { Command, Program } from '../command.ts';
import { defineCommand } from '../define-command.ts';
import { UsageError } from '../errors.ts';
import { allExitCodes, exitCodes } from '../exit-code.ts';
import { choiceOr, textOr } from '../options.ts';
import { completionScript, completionWords } from './completion-script.ts';

/** `program` is called when the command runs, because the program contains this command itself. */
export function completeCommand(program: () => Program): Command {
  return defineCommand({
    name: 'complete',
    description: 'print what completes vbmc command lines in bash, as VirtualBMC does',
    options: {
      name: textOr('vbmc', '<command>', 'the command that is to be completed'),
      shell: choiceOr('bash', ['bash', 'none'], '<shell>', 'bash: a script; none: the words only'),
    },
    help: {
      paragraphs: ['vbmc completion prints the same script, and those for zsh and fish.'],
      exitCodes: { 0: 'printed', 2: allExitCodes[2] },
      examples: ['vbmc complete > /etc/bash_completion.d/vbmc'],
    },
    run: ({ name, shell }, output) => {
      // The name becomes part of a script.
      if (!/^[A-Za-z0-9._-]+$/.test(name)) throw new UsageError('--name: this is no name of a command');
      const named = { ...program(), name };
      output.result(shell === 'bash' ? completionScript('bash', named) : completionWords(named));
      return Promise.resolve(exitCodes.done);
    },
  });
}
