/** The BMCs that VirtualBMC has before the migration, asked in the same way before and after. */
import { waitFor } from '#support/wait-for.ts';
import type { SystemdLab } from '#lab/systemd/systemd-lab.ts';
import { expectText } from '../service/expect.ts';

export interface OldBmc {
  readonly name: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
}

/** Used with a user and a password of its own. */
export const own: OldBmc = { name: 'node-0', port: 6230, username: 'operator', password: 'of node-0; #1' };
/** Not started, and with what VirtualBMC takes where nothing is said. */
export const idle: OldBmc = { name: 'node-1', port: 6231, username: 'admin', password: 'password' };

/** With cipher suite 3, the only one of VirtualBMC. */
export async function ask(
  lab: SystemdLab,
  { port, username, password }: OldBmc,
  command: string,
): ReturnType<SystemdLab['exec']> {
  const login = `-I lanplus -C 3 -H 127.0.0.1 -p ${port} -U ${username} -P '${password}' -N 2 -R 2`;
  return lab.exec('sh', '-c', `ipmitool ${login} ${command}`);
}

export async function ipmitool(lab: SystemdLab, bmc: OldBmc, command: string): Promise<string> {
  const { exitCode, stdout, stderr } = await ask(lab, bmc, command);
  if (exitCode !== 0) throw new Error(`${bmc.name}: ${command}: ${stderr}${stdout}`);
  return stdout.trim();
}

export async function eventually(
  lab: SystemdLab,
  bmc: OldBmc,
  command: string,
  expected: string | RegExp,
): Promise<void> {
  await waitFor(
    `${bmc.name} to answer`,
    async () => {
      expectText(command, await ipmitool(lab, bmc, command), expected);
      return true;
    },
    { timeoutMs: 60_000 },
  );
}
