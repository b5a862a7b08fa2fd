/** Runs `ipmitool` in the lab, which has no network but its own loopback. */
import { waitFor } from '#support/wait-for.ts';
import type { SystemdLab } from '#lab/systemd/systemd-lab.ts';

export interface BmcEndpoint {
  readonly address?: string;
  readonly port: number;
  readonly password: string;
}

export interface IpmiAnswer {
  readonly ok: boolean;
  /** Both streams: ipmitool prints a completion code on standard error. */
  readonly text: string;
}

export async function ipmi(
  lab: SystemdLab,
  { address = '127.0.0.1', port, password }: BmcEndpoint,
  command: string,
): Promise<IpmiAnswer> {
  const login = `-I lanplus -H ${address} -p ${port} -U admin -P ${password} -N 5 -R 3`;
  const { exitCode, stdout, stderr } = await lab.exec('sh', '-c', `ipmitool ${login} ${command}`);
  return { ok: exitCode === 0, text: `${stdout}${stderr}`.trim() };
}

/** Returns the BMC's answer; throws when there is none at once. */
export async function answer(lab: SystemdLab, bmc: BmcEndpoint, command: string): Promise<string> {
  const { ok, text } = await ipmi(lab, bmc, command);
  if (!ok) throw new Error(`port ${bmc.port}: ${command}: ${text}`);
  return text;
}

/** Like `answer`, but waits for a BMC that is still starting. */
export async function eventualAnswer(lab: SystemdLab, bmc: BmcEndpoint, command: string): Promise<string> {
  return waitFor(`the BMC on port ${bmc.port}`, async () => answer(lab, bmc, command), { timeoutMs: 30_000 });
}
