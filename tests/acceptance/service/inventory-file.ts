/** The lab's /etc/vbmc/domains.ini, as an administrator edits it. */
import type { BmcEndpoint } from './ipmi-client.ts';
import type { ServiceLab } from './service-lab.ts';

export const INVENTORY = '/etc/vbmc/domains.ini';

export interface WrittenBmc extends BmcEndpoint {
  readonly name: string;
}

export function section({ name, address = '127.0.0.1', port, password }: WrittenBmc): string {
  return `\n[${name}]\naddress = ${address}\nport = ${port}\npassword = ${password}\n`;
}

export async function append(lab: ServiceLab, text: string): Promise<void> {
  await lab.exec('sh', '-c', `printf %s "$1" >> ${INVENTORY}`, 'sh', text);
}

/** What stands there, to be written back after a step that spoils it. */
export async function read(lab: ServiceLab): Promise<string> {
  return `${await lab.sh(`cat ${INVENTORY}`)}\n`;
}

/** The BMCs that parts after `reload` find in force. */
export const nodes = ['node-0', 'node-1', 'node-2'].map((name, index): WrittenBmc => ({
  name,
  port: 6230 + index,
  password: `secret-${index}`,
}));
export const [node0, node1, node2] = nodes as [WrittenBmc, WrittenBmc, WrittenBmc];
