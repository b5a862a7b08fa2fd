/** TripleO's `instackenv.json`: what `openstack overcloud node import` reads. */
import { noteMissingDisks, noteMissingMacs } from './domain-notes.ts';
import { toJson, type ExportFormat } from './export-format.ts';
import { known, passwordOrPlaceholder, type ExportedBmc } from './exported-bmc.ts';
import { ironicNames, nameHosts } from './host-names.ts';

export const instackenv: ExportFormat = {
  description: 'TripleO: openstack overcloud node import',
  json: 'only',
  hiddenPassword: 'placeholder',
  render: (bmcs) => {
    const { named, notes } = nameHosts(bmcs, ironicNames);
    const nodes = named.map(({ bmc, hostName }) => toNode(bmc, hostName));
    return {
      text: toJson({ nodes }),
      notes: [...notes, ...noteMissingMacs(bmcs), ...noteMissingDisks(bmcs)],
    };
  },
};

/** Numbers are texts there. A key that begins with `ipmi_` goes to Ironic's `driver_info` as it stands. */
function toNode(bmc: ExportedBmc, name: string): Readonly<Record<string, unknown>> {
  const { domain, secrets, diskGib } = bmc;
  return {
    name,
    pm_type: 'ipmi',
    pm_addr: bmc.address,
    pm_port: String(bmc.port),
    pm_user: bmc.username,
    pm_password: passwordOrPlaceholder(bmc),
    ...known({ ipmi_hex_kg_key: secrets.kg?.reveal() }),
    mac: domain.macs,
    cpu: String(domain.cpus),
    memory: String(domain.memoryMib),
    ...known({ disk: diskGib === undefined ? undefined : String(diskGib) }),
    arch: domain.architecture,
    capabilities: `boot_mode:${domain.bootMode}`,
  };
}
