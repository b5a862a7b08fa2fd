import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { labUser } from './lab-user.ts';

/** A temporary directory of the lab user's, removed together with the lab's processes when this process ends. */
export interface LabDirectory {
  readonly path: string;
  /** Registers a process to end with the lab. The last one registered ends first. */
  keep(pid: number | undefined): void;
  /** Makes a directory of the lab user's; returns its path. */
  makeDirectory(relativePath: string, mode?: number): string;
  /** Writes a file of the lab user's in one step: a program that starts meanwhile never reads half of it. Returns its path. */
  write(relativePath: string, content: string | Buffer, mode?: number): string;
  /** Ends the processes and removes the directory. Rejects if something is left behind. */
  remove(): Promise<void>;
}

export async function createLabDirectory(): Promise<LabDirectory> {
  const owner = Object.values(labUser).map(String);
  const remover = spawn(
    process.execPath,
    [join(import.meta.dirname, 'remove-lab.mjs'), ...owner],
    // Its own session, so that Ctrl-C does not end it together with the lab.
    { stdio: ['pipe', 'pipe', 'inherit'], detached: true, cwd: '/' },
  );
  const ended = once(remover, 'exit');
  const lines = createInterface({ input: remover.stdout });
  const [path] = (await Promise.race([once(lines, 'line'), ended])) as unknown[];
  if (typeof path !== 'string') throw new Error('the lab could not make its directory');

  const own = (file: string): string => {
    const { uid, gid } = labUser;
    if (uid !== undefined && gid !== undefined) chownSync(file, uid, gid);
    return file;
  };
  const makeDirectory = (relativePath: string, mode = 0o700): string => {
    if (relativePath === '.') return path;
    makeDirectory(dirname(relativePath));
    const directory = join(path, relativePath);
    const made = mkdirSync(directory, { recursive: true, mode });
    return made === undefined ? directory : own(directory);
  };
  return {
    path,
    keep: (pid) => {
      if (pid !== undefined) remover.stdin.write(`${pid}\n`);
    },
    makeDirectory,
    write: (relativePath, content, mode = 0o644) => {
      makeDirectory(dirname(relativePath));
      const file = join(path, relativePath);
      const unfinished = `${file}.new`;
      writeFileSync(unfinished, content, { mode });
      renameSync(own(unfinished), file);
      return file;
    },
    remove: async () => {
      remover.stdin.end();
      const [exitCode] = (await ended) as [number | null];
      if (exitCode !== 0) throw new Error(`the lab in ${path} did not end cleanly`);
    },
  };
}
