/** `vbmc completion` */
import type { Command, Program } from '../command.ts';
import { completionScript, shells } from './completion-script.ts';
import { exitCodes } from '../exit-code.ts';

/** `program` is asked when the command runs: it holds this command itself. */
export function completionCommand(program: () => Program): Command {
  return {
    name: 'completion',
    description: 'print a script that completes vbmc command lines in a shell',
    arguments: [{ flags: '<shell>', description: 'which shell', choices: shells }],
    options: [],
    help: `
Exit codes:
  0  printed
  2  the command line is wrong

Examples:
  vbmc completion bash > /etc/bash_completion.d/vbmc
  vbmc completion zsh > "\${fpath[1]}/_vbmc"
  vbmc completion fish > ~/.config/fish/completions/vbmc.fish`,
    run: (_options, output, [wanted]) => {
      const shell = shells.find((candidate) => candidate === wanted) ?? 'bash';
      output.result(completionScript(shell, program()));
      return Promise.resolve(exitCodes.done);
    },
  };
}
