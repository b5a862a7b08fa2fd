/** A public repository on this machine, at the commit that is checked out or, in a bare one, at its HEAD. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '#lab/run-command.ts';

export interface Checkout {
  /** `OWNER/NAME` on GitHub. */
  readonly repository: string;
  readonly commit: string;
  /** The day of the commit. */
  readonly date: string;
  /** The text of a file. */
  read(path: string): Promise<string>;
  /** Writes these files and directories into the tar archive `file`. */
  archive(paths: readonly string[], file: string): Promise<void>;
}

/** Looks for it below `directory` under the names that `git clone` and the mirrors of this project use. */
export async function findCheckout(directory: string, repository: string): Promise<Checkout | undefined> {
  const name = repository.split('/').at(-1) ?? repository;
  const places = [join(repository.replace('/', '+'), 'repo'), repository, name];
  const place = places.map((one) => join(directory, one)).find((one) => existsSync(one));
  if (place === undefined) return undefined;
  const [commit = '', date = ''] = (await git(place, 'log', '-1', '--format=%H %cs')).trim().split(' ');
  return {
    repository,
    commit,
    date,
    read: (path) => git(place, 'show', `${commit}:${path}`),
    archive: async (paths, file) => {
      await git(place, 'archive', '--format=tar', `--output=${file}`, commit, ...paths);
    },
  };
}

async function git(directory: string, ...args: readonly string[]): Promise<string> {
  // The owner of the directory may be another user than the one who runs this.
  const { exitCode, stdout, stderr } = await runCommand(
    'git',
    ['-c', 'safe.directory=*', '-C', directory, ...args],
    { env: { PATH: process.env['PATH'] ?? '', HOME: '/', LANG: 'C.UTF-8' } },
  );
  if (exitCode !== 0) throw new Error(`git ${args.join(' ')} in ${directory}: ${stderr.trim()}`);
  return stdout;
}
