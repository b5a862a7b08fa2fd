/** Edits the lab's /etc/vbmc/domains.ini, as an administrator does. */
import type { BmcEndpoint } from './ipmi-client.ts';
import type { SystemdLab } from '#lab/systemd/systemd-lab.ts';

export const INVENTORY = '/etc/vbmc/domains.ini';

export interface WrittenBmc extends BmcEndpoint {
  readonly name: string;
}

export function section({ name, address = '127.0.0.1', port, password }: WrittenBmc): string {
  return `\n[${name}]\naddress = ${address}\nport = ${port}\npassword = ${password}\n`;
}

export async function append(lab: SystemdLab, text: string): Promise<void> {
  await lab.exec('sh', '-c', `printf %s "$1" >> ${INVENTORY}`, 'sh', text);
}

/** The whole file, for a step that spoils it and writes it back. */
export async function read(lab: SystemdLab): Promise<string> {
  return `${await lab.sh(`cat ${INVENTORY}`)}\n`;
}

/** The BMCs that the part `reload` adds, and that later parts use. */
export const nodes = ['node-0', 'node-1', 'node-2'].map((name, index): WrittenBmc => ({
  name,
  port: 6230 + index,
  password: `secret-${index}`,
}));
export const [node0, node1, node2] = nodes as [WrittenBmc, WrittenBmc, WrittenBmc];
