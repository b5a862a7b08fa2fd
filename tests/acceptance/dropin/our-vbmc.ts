/** Our programs, under the names that scripts call, with a directory of their own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCommand } from '#lab/run-command.ts';
import { waitFor } from '#support/wait-for.ts';

const PROGRAMS = fileURLToPath(new URL('../../../packages/supervisor/bin', import.meta.url));

export interface OurVbmc {
  /** Holds `vbmc` and `vbmcd`. */
  readonly programs: string;
  stop(): Promise<void>;
}

/** Starts vbmcd with an empty inventory. */
export async function startOurVbmc(directory: string): Promise<OurVbmc> {
  const programs = join(directory, 'bin');
  mkdirSync(programs);
  const at = (name: string): string => join(directory, name);
  writeFileSync(at('domains.ini'), '', { mode: 0o600 });
  const run = `--run-dir '${at('run')}'`;
  const places = `--inventory '${at('domains.ini')}' ${run} --state-dir '${at('state')}'`;
  for (const [name, options] of [
    ['vbmc', run],
    ['vbmcd', places],
  ] as const) {
    const program = `#!/bin/sh\nexec '${process.execPath}' '${PROGRAMS}/${name}.js' ${options} "$@"\n`;
    writeFileSync(join(programs, name), program, { mode: 0o755 });
  }
  const child = spawn(join(programs, 'vbmcd'), ['--foreground'], { stdio: 'ignore' });
  const ended = once(child, 'close');
  await waitFor('vbmcd', async () => (await runCommand(join(programs, 'vbmc'), ['list'], {})).exitCode === 0);
  return {
    programs,
    stop: async () => {
      child.kill();
      await ended;
    },
  };
}
