/**
 * Lets a program run in a network namespace of its own, with one interface, lo: it can have any address there, and the machine's
 * own network stays as it is. Needs root.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { runCommand } from './run-command.ts';

/** Says that this program was started by `runAgainInOwnNetwork`. */
const MARK = 'VBMC_LAB_OWN_NETWORK';

export function isInOwnNetwork(): boolean {
  return process.env[MARK] === 'yes';
}

/** Runs this program once more, with the same arguments, and resolves with its exit code. Signals are passed on. */
export async function runAgainInOwnNetwork(): Promise<number> {
  const [node, program = '', ...args] = process.argv;
  const words = [
    '--net',
    '--',
    node ?? process.execPath,
    join(import.meta.dirname, 'run.mjs'),
    program,
    ...args,
  ];
  const again = spawn('unshare', words, { stdio: 'inherit', env: { ...process.env, [MARK]: 'yes' } });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      again.kill(signal);
    });
  const [code] = (await once(again, 'exit')) as [number | null];
  return code ?? 1;
}

/** Gives the namespace 127.0.0.0/8, and these IPv6 networks: their first address is the host's, clients may use all others. */
export async function prepareOwnNetwork(networks: readonly string[]): Promise<void> {
  await run('ip', 'link', 'set', 'lo', 'up');
  // Clients bind addresses that are local by a route, and of no interface.
  await run('sysctl', '-qw', 'net.ipv6.ip_nonlocal_bind=1');
  for (const network of networks) {
    await run('ip', 'address', 'add', `${network}1/64`, 'dev', 'lo', 'nodad');
    await run('ip', '-6', 'route', 'add', 'local', `${network}/64`, 'dev', 'lo');
  }
}

async function run(command: string, ...args: readonly string[]): Promise<void> {
  const { exitCode, stderr } = await runCommand(command, args, {});
  if (exitCode !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr.trim()}`);
}
