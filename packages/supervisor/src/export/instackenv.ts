/** TripleO's `instackenv.json`, for `openstack overcloud node import`. */
import { noteMacs, noteMissingDisks } from './domain-notes.ts';
import { defined } from '../text/records.ts';
import { toJson, type ExportFormat } from './export-format.ts';
import { passwordOrPlaceholder, type ExportedBmc } from './exported-bmc.ts';
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
      notes: [...notes, ...noteMacs(bmcs), ...noteMissingDisks(bmcs)],
    };
  },
};

/** The format has numbers as texts. It passes keys that begin with `ipmi_` on to Ironic's `driver_info`. */
function toNode(bmc: ExportedBmc, name: string): Readonly<Record<string, unknown>> {
  const { domain, secrets, diskGib } = bmc;
  return {
    name,
    pm_type: 'ipmi',
    pm_addr: bmc.address,
    pm_port: String(bmc.port),
    pm_user: bmc.username,
    pm_password: passwordOrPlaceholder(bmc),
    ...defined({ ipmi_hex_kg_key: secrets.kg?.reveal() }),
    mac: domain.macs,
    cpu: String(domain.cpus),
    memory: String(domain.memoryMib),
    ...defined({ disk: diskGib === undefined ? undefined : String(diskGib) }),
    arch: domain.architecture,
    capabilities: `boot_mode:${domain.bootMode}`,
  };
}
