/**
 * Runs a TypeScript program of this checkout in this very process, so that signals and the exit code are its own:
 *
 *     node tests/lab/run.mjs [--prepare | --build] PROGRAM [ARGUMENT...]
 *
 *   --prepare  first installs what is missing (npm and Debian packages) and builds
 *   --build    the same without Debian packages
 *
 * Plain JavaScript, because there may be no node_modules before `--prepare`; and for an older Node.js, because it is
 * prepare.mjs that reports it.
 */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** @type {Readonly<Record<string, readonly string[]>>} */
const prepareArguments = { '--prepare': [], '--build': ['--build-only'] };

const args = process.argv.slice(2);
const options = prepareArguments[args[0] ?? ''];
if (options !== undefined) {
  args.shift();
  const prepare = fileURLToPath(new URL('prepare.mjs', import.meta.url));
  const { status } = spawnSync(process.execPath, [prepare, ...options], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
const program = resolve(args.shift() ?? '');
process.argv = [process.execPath, program, ...args];

// Without this, tsx leaves its compiled files behind in the temporary directory.
process.env['TSX_DISABLE_CACHE'] = '1';
const { register } = await import('tsx/esm/api');
register();
await import(pathToFileURL(program).href);
