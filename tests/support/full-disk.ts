import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/**
 * Runs `script` in a process of its own, which may call `fill()` and `free()`: in between the kernel lets it write no byte to any
 * file, as on a full disk, but create and remove files. Resolves with what it prints. Jest itself would end by the signal.
 */
export async function withFullDisk(script: string): Promise<string> {
  const limit = `
    import { execFileSync } from 'node:child_process';
    const limitFileSize = (limit) => execFileSync('prlimit', ['--pid', String(process.pid), '--fsize=' + limit]);
    const [fill, free] = [() => limitFileSize('0:'), () => limitFileSize('unlimited:')];`;
  const argv = ['--import', 'tsx', '--input-type=module', '-e', `${limit}${script}`];
  const { stdout } = await promisify(execFile)(process.execPath, argv);
  return stdout.trim();
}
