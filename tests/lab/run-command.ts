import { spawn } from 'node:child_process';
import type { LabUser } from './lab-user.ts';

export interface CommandOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly input?: string;
  /** After this the program is killed, and the result has no exit code. */
  readonly timeoutMs?: number;
}

export interface CommandResult {
  /** Undefined when the program was ended by a signal or could not be started; stderr says which. */
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  readonly durationMs: number;
}

/** Runs a program to its end. A failure is a result, not an exception: tests look at it. */
export function runCommand(
  command: string,
  args: readonly string[],
  { timeoutMs = 60_000, input = '', ...options }: CommandOptions & LabUser,
): Promise<CommandResult> {
  const startedAt = performance.now();
  return new Promise((resolve) => {
    const child = spawn(command, args, { ...options, timeout: timeoutMs, killSignal: 'SIGKILL' });
    const chunks = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
    child.stdout.on('data', (chunk: Buffer) => chunks.stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.stderr.push(chunk));
    const finish = (exitCode: number | undefined, remark: string): void => {
      resolve({
        exitCode,
        stdout: Buffer.concat(chunks.stdout).toString(),
        stderr: Buffer.concat(chunks.stderr).toString() + remark,
        durationMs: performance.now() - startedAt,
      });
    };
    child.on('error', (error) => {
      finish(undefined, error.message);
    });
    child.on('close', (exitCode, signal) => {
      if (exitCode === null) finish(undefined, `${command} was ended by ${signal ?? 'a signal'}`);
      else finish(exitCode, '');
    });
    // A program may end without reading what it is given.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}
