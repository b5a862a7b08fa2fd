/** `ipmitool`, inside the lab: its network is loopback alone. */
import { waitFor } from '#lab/wait-for.ts';
import type { ServiceLab } from './service-lab.ts';

export interface BmcEndpoint {
  readonly address?: string;
  readonly port: number;
  readonly password: string;
}

export interface IpmiAnswer {
  readonly ok: boolean;
  /** Both streams: ipmitool tells a completion code on standard error. */
  readonly text: string;
}

export async function ipmi(
  lab: ServiceLab,
  { address = '127.0.0.1', port, password }: BmcEndpoint,
  command: string,
): Promise<IpmiAnswer> {
  const login = `-I lanplus -H ${address} -p ${port} -U admin -P ${password} -N 2 -R 2`;
  const { exitCode, stdout, stderr } = await lab.exec('sh', '-c', `ipmitool ${login} ${command}`);
  return { ok: exitCode === 0, text: `${stdout}${stderr}`.trim() };
}

/** The answer of a BMC that has to answer now; throws when it does not. */
export async function answer(lab: ServiceLab, bmc: BmcEndpoint, command: string): Promise<string> {
  const { ok, text } = await ipmi(lab, bmc, command);
  if (!ok) throw new Error(`port ${bmc.port}: ${command}: ${text}`);
  return text;
}

/** For a BMC that may take its time. */
export async function eventualAnswer(lab: ServiceLab, bmc: BmcEndpoint, command: string): Promise<string> {
  return waitFor(`the BMC on port ${bmc.port}`, async () => answer(lab, bmc, command), { timeoutMs: 30_000 });
}
