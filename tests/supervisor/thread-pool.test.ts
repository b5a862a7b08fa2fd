/** How vbmcd is started: dead mounts and a dead resolver leave threads of Node's pool for all other files. */
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand, type CommandResult } from '#lab/run-command.ts';
import { temporaryDirectory } from '#support/temporary-directory.ts';

const CHECKOUT = join(import.meta.dirname, '../..');

/** Two mounts of others, the state directory, and two lookups, of which none answers. */
const HANGING = 5;

/** In the place of vbmcd: each open(2) of a FIFO keeps a thread until somebody writes into it. */
const STAND_IN = `
  import { open, readFile } from 'node:fs/promises';
  for (let index = 0; index < ${HANGING}; index += 1) void open(process.argv[2]);
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), 10_000);
  await readFile('/proc/self/comm');
  process.stdout.write('read', () => process.kill(process.pid, 'SIGKILL'));
`;

function place(): { readonly directory: string; readonly fifo: string } {
  const directory = temporaryDirectory();
  mkdirSync(join(directory, 'supervisor/dist'), { recursive: true });
  writeFileSync(join(directory, 'supervisor/package.json'), '{ "type": "module" }');
  writeFileSync(join(directory, 'supervisor/dist/vbmcd.js'), STAND_IN);
  const fifo = join(directory, 'fifo');
  execFileSync('mkfifo', [fifo]);
  return { directory, fifo };
}

async function run(program: string, ...args: readonly string[]): Promise<CommandResult> {
  return runCommand(program, args, { cwd: '/', env: { PATH: process.env['PATH'] ?? '' } });
}

test('by the program of a checkout', async () => {
  const { directory, fifo } = place();
  cpSync(join(CHECKOUT, 'packages/supervisor/bin'), join(directory, 'supervisor/bin'), { recursive: true });
  const program = join(directory, 'supervisor/bin/vbmcd.js');
  expect((await run(process.execPath, program, fifo)).stdout).toBe('read');
}, 30_000);

test('by the program of the package', async () => {
  const { directory, fifo } = place();
  const program = join(directory, 'vbmcd');
  const text = readFileSync(join(CHECKOUT, 'config/package/bin/vbmcd'), 'utf8');
  writeFileSync(program, text.replaceAll('/usr/lib/vbmc', directory));
  chmodSync(program, 0o755);
  symlinkSync(process.execPath, join(directory, 'node'));
  expect((await run(program, fifo)).stdout).toBe('read');
}, 30_000);
