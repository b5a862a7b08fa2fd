/** An Ansible inventory: one host for each BMC, in the group `vbmc`. */
import { defined } from '../text/records.ts';
import { toJson, type ExportFormat } from './export-format.ts';
import type { ExportedBmc } from './exported-bmc.ts';
import { ansibleNames, nameHosts } from './host-names.ts';
import { toYaml, Verbatim } from './yaml-text.ts';

export const ansible: ExportFormat = {
  description: 'Ansible: an inventory with the group vbmc',
  json: 'also',
  hiddenPassword: 'leftOut',
  render: (bmcs, asJson) => {
    const { named, notes } = nameHosts(bmcs, ansibleNames);
    const hosts = Object.fromEntries(named.map(({ bmc, hostName }) => [hostName, toVariables(bmc)]));
    // Tasks run on Ansible's own host, because nothing can log in to a BMC by ssh.
    const inventory = { vbmc: { hosts, vars: { ansible_connection: 'local' } } };
    return { text: asJson ? toJson(inventory) : toYaml([inventory]), notes };
  },
};

/** Ansible reads `{{` in a text as a template, so texts that other people have chosen are marked as verbatim. */
function toVariables(bmc: ExportedBmc) {
  const { domain, secrets, diskGib } = bmc;
  const { password, kg } = secrets;
  return {
    bmc_name: new Verbatim(bmc.name),
    bmc_address: bmc.address,
    bmc_port: bmc.port,
    bmc_username: new Verbatim(bmc.username),
    ...defined({ bmc_password: password && new Verbatim(password.reveal()), bmc_kg: kg?.reveal() }),
    domain_name: new Verbatim(bmc.domainName),
    domain_uuid: domain.uuid,
    libvirt_uri: new Verbatim(bmc.connectionUri),
    mac_addresses: domain.macs,
    cpus: domain.cpus,
    memory_mib: domain.memoryMib,
    ...defined({ disk_gib: diskGib }),
    architecture: domain.architecture,
    boot_mode: domain.bootMode,
  };
}
