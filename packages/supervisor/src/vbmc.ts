/** `vbmc`: the operator's command line. Wiring only. */
import { runCommandLine } from './cli/command-line.ts';
import { processOutput } from './cli/output.ts';
import { endThoughFilesHang } from './host/hanging-files.ts';
import { vbmcProgram } from './vbmc-program.ts';

const output = processOutput('vbmc');
output.finish(await runCommandLine(vbmcProgram, process.argv.slice(2), output));
endThoughFilesHang((message) => {
  output.problem(`vbmc: ${message}\n`);
});
