/** `vbmc completion` */
import type { Command, Program } from '../command.ts';
import { defineCommand } from '../define-command.ts';
import { allExitCodes, exitCodes } from '../exit-code.ts';
import { completionScript, shells } from './completion-script.ts';

/** `program` is called when the command runs, because the program contains this command itself. */
export function completionCommand(program: () => Program): Command {
  return defineCommand({
    name: 'completion',
    description: 'print a script that completes vbmc command lines in a shell',
    arguments: [{ flags: '<shell>', description: 'which shell', choices: shells }],
    options: {},
    help: {
      exitCodes: { 0: 'printed', 2: allExitCodes[2] },
      examples: [
        'vbmc completion bash > /etc/bash_completion.d/vbmc',
        'vbmc completion zsh > "${fpath[1]}/_vbmc"',
        'vbmc completion fish > ~/.config/fish/completions/vbmc.fish',
      ],
    },
    run: (_options, output, [wanted]) => {
      const shell = shells.find((candidate) => candidate === wanted) ?? 'bash';
      output.result(completionScript(shell, program()));
      return Promise.resolve(exitCodes.done);
    },
  });
}
