/** Nodes with their ports, for `openstack baremetal create`. */
import { noteMacs, noteMissingDisks } from './domain-notes.ts';
import { defined } from '../text/records.ts';
import { toJson, type ExportFormat } from './export-format.ts';
import type { ExportedBmc } from './exported-bmc.ts';
import { ironicNames, nameHosts } from './host-names.ts';
import { toYaml } from './yaml-text.ts';

export const ironic: ExportFormat = {
  description: 'Ironic: openstack baremetal create',
  json: 'also',
  hiddenPassword: 'leftOut',
  render: (bmcs, asJson) => {
    const { named, notes } = nameHosts(bmcs, ironicNames);
    const resources = { nodes: named.map(({ bmc, hostName }) => toNode(bmc, hostName)) };
    return {
      text: asJson ? toJson(resources) : toYaml([resources]),
      notes: [...notes, ...noteMacs(bmcs), ...noteMissingDisks(bmcs)],
    };
  },
};

/** A node has the UUID of its domain, which the guest also sees in SMBIOS. */
function toNode(bmc: ExportedBmc, name: string) {
  const { domain, secrets, diskGib } = bmc;
  return {
    name,
    uuid: domain.uuid,
    driver: 'ipmi',
    resource_class: 'baremetal',
    driver_info: {
      ipmi_address: bmc.address,
      ipmi_port: bmc.port,
      ipmi_username: bmc.username,
      ...defined({ ipmi_password: secrets.password?.reveal(), ipmi_hex_kg_key: secrets.kg?.reveal() }),
    },
    properties: {
      cpus: domain.cpus,
      memory_mb: domain.memoryMib,
      ...defined({ local_gb: diskGib }),
      cpu_arch: domain.architecture,
      capabilities: `boot_mode:${domain.bootMode}`,
    },
    ports: domain.macs.map((address) => ({ address })),
  };
}
