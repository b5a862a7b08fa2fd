import { execFileSync } from 'node:child_process';

/** The kernel lets this process write no byte to any file while `run` runs, as on a full disk; it may create and remove files. */
export async function withFullDisk(run: () => Promise<void>): Promise<void> {
  limitFileSize('0:');
  try {
    await run();
  } finally {
    limitFileSize('unlimited:');
  }
}

function limitFileSize(limit: string): void {
  execFileSync('prlimit', ['--pid', String(process.pid), `--fsize=${limit}`]);
}
