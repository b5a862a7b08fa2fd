/** A BareMetalHost and the Secret with its credentials for each BMC, for `kubectl apply`. */
import { noteMacs, noteUnusableKg } from './domain-notes.ts';
import { defined } from '../text/records.ts';
import { toJson, type ExportFormat } from './export-format.ts';
import { passwordOrPlaceholder } from './exported-bmc.ts';
import { formatEndpoint } from '../text/endpoint.ts';
import { kubernetesNames, nameHosts, type Named } from './host-names.ts';
import { toYaml } from './yaml-text.ts';

export const metal3: ExportFormat = {
  description: 'Metal3: kubectl apply, BareMetalHosts with their Secrets',
  json: 'also',
  hiddenPassword: 'placeholder',
  render: (bmcs, asJson) => {
    const { named, notes } = nameHosts(bmcs, kubernetesNames);
    const items = named.flatMap((host) => [toSecret(host), toHost(host)]);
    return {
      text: asJson ? toJson({ apiVersion: 'v1', kind: 'List', items }) : toYaml(items),
      notes: [...notes, ...noteMacs(bmcs), ...noteUnusableKg(bmcs, 'Metal3')],
    };
  },
};

function secretName(hostName: string): string {
  return `${hostName}-bmc`;
}

function toSecret({ bmc, hostName }: Named) {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: secretName(hostName) },
    type: 'Opaque',
    stringData: { username: bmc.username, password: passwordOrPlaceholder(bmc) },
  };
}

/** `online: false`, so that applying the file starts no machine. */
function toHost({ bmc, hostName }: Named) {
  const { domain } = bmc;
  return {
    apiVersion: 'metal3.io/v1alpha1',
    kind: 'BareMetalHost',
    metadata: { name: hostName },
    spec: {
      online: false,
      ...defined({ bootMACAddress: domain.macs[0] }),
      bootMode: domain.bootMode === 'uefi' ? 'UEFI' : 'legacy',
      architecture: domain.architecture,
      bmc: {
        address: `ipmi://${formatEndpoint(bmc.address, bmc.port)}`,
        credentialsName: secretName(hostName),
      },
    },
  };
}
