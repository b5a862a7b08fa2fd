/** A standalone Ironic of our own: the lab's script starts it, checks with it and takes it away. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freeTcpPort } from './free-tcp-port.ts';

/** Beside the checkout, where the project's shared things lie. */
export const LAB_SCRIPT = join(import.meta.dirname, '../../../shared/labs/ironic-lab.sh');

export const EXPLAIN_MISSING_LAB = `There is no ${LAB_SCRIPT}.
It starts a real, standalone OpenStack Ironic (Debian's packages) and drives a BMC with it step by step.
It is kept outside of this repository: get the directory "shared" of the project and put it beside the
checkout, so that ../shared/labs/ironic-lab.sh is there, and run npm run test:ironic again.
`;

export function hasLab(): boolean {
  return existsSync(LAB_SCRIPT);
}

export interface IronicService {
  /** `http://127.0.0.1:PORT` */
  readonly endpoint: string;
  /** Runs a command of the lab's script; hands on each line, returns all. */
  run(args: readonly string[]): Promise<{ readonly exitCode: number; readonly text: string }>;
  /** Ends it and removes its directory. */
  stop(): Promise<void>;
}

export async function startIronic(print: (line: string) => void): Promise<IronicService> {
  const directory = mkdtempSync(join(tmpdir(), 'vbmc-ironic-'));
  const port = await freeTcpPort();
  const environment = { ...process.env, IRONIC_LAB: directory, IRONIC_LAB_API_PORT: String(port) };
  let running: ChildProcess | undefined;
  const run: IronicService['run'] = async (args) => {
    // A group of its own, so that what it runs can be ended with it.
    const child = spawn(LAB_SCRIPT, args, {
      env: environment,
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    running = child;
    let [text, shown] = ['', 0];
    child.stdout.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
      for (let end = text.indexOf('\n', shown); end >= 0; end = text.indexOf('\n', shown)) {
        print(`  ${text.slice(shown, end)}`);
        shown = end + 1;
      }
    });
    const [exitCode] = (await once(child, 'close')) as [number | null];
    return { exitCode: exitCode ?? 1, text };
  };
  const stop = async (): Promise<void> => {
    if (running?.pid !== undefined && running.exitCode === null) process.kill(-running.pid, 'SIGTERM');
    await run(['down', '--purge']);
    rmSync(directory, { recursive: true, force: true });
  };
  const { exitCode, text } = await run(['up', '--fast']);
  if (exitCode !== 0) {
    await stop();
    throw new Error(`Ironic did not start: ${text}`);
  }
  return { endpoint: `http://127.0.0.1:${port}`, run, stop };
}
