/** The power status by ipmitool, asked on the client of two networks at one address of the host. */
import { spawn } from 'node:child_process';
import { waitFor } from '#support/wait-for.ts';
import { runCommand } from './run-command.ts';
import type { TwoNetworks } from './two-networks.ts';

export interface AskedHost {
  /** What ipmitool says. It waits for an answer from the address that it has asked. */
  ask(host: string): Promise<string>;
  openShell(host: string): AskingShell;
}

/** A session that lasts, by `ipmitool shell`. */
export interface AskingShell {
  /** Resolves when the answer has come. */
  ask(): Promise<void>;
  end(): Promise<void>;
  /** Everything that ipmitool has said. */
  said(): string;
}

export const POWER_IS_ON = 'Chassis Power is on';

export function askedHost(networks: TwoNetworks, port: number, password: string): AskedHost {
  const command = (host: string, ...args: readonly string[]): readonly [string, ...string[]] => {
    const login = ['-I', 'lanplus', '-H', host, '-p', String(port), '-U', 'admin', '-P', password];
    return ['ip', ...networks.onClient, 'ipmitool', ...login, ...args];
  };
  return {
    ask: async (host) => {
      const [program, ...args] = command(host, '-R', '2', 'power', 'status');
      const { stdout, stderr } = await runCommand(program, args, {});
      return `${stdout}${stderr}`.trim();
    },
    openShell: (host) => {
      const [program, ...args] = command(host, 'shell');
      return openShell(host, program, args);
    },
  };
}

function openShell(host: string, program: string, args: readonly string[]): AskingShell {
  const shell = spawn(program, args);
  let said = '';
  shell.stdout.on('data', (piece: Buffer) => (said += piece.toString()));
  shell.stderr.on('data', (piece: Buffer) => (said += piece.toString()));
  const answers = (): number => said.split(POWER_IS_ON).length - 1;
  return {
    ask: async () => {
      const before = answers();
      shell.stdin.write('power status\n');
      await waitFor(`an answer from ${host}`, () => {
        if (answers() > before) return true;
        throw new Error(said);
      });
    },
    end: async () => {
      const ended = new Promise((resolve) => shell.once('close', resolve));
      shell.stdin.end('exit\n');
      await ended;
    },
    said: () => said,
  };
}
