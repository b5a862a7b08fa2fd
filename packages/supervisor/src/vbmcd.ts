/** `vbmcd`: the supervisor. Wiring only. */
import { fileURLToPath } from 'node:url';
import { runCommandLine } from './cli/command-line.ts';
import { processOutput } from './cli/output.ts';
import { daemonProgram } from './vbmcd-program.ts';

// The same relative path works from `src/` and from `dist/`.
const WORKER_ENTRY_FILE = fileURLToPath(new URL('../../bmc-worker/dist/main.cjs', import.meta.url));

const output = processOutput('vbmcd');
output.finish(await runCommandLine(daemonProgram(WORKER_ENTRY_FILE), process.argv.slice(2), output));
