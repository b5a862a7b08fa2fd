/** The parameters of MAAS's `machines create`, one object per machine. */
import { noteMacs } from './domain-notes.ts';
import { defined } from '../text/records.ts';
import { toJson, type ExportFormat, type Note } from './export-format.ts';
import { passwordOrPlaceholder, type ExportedBmc } from './exported-bmc.ts';
import { labels, nameHosts } from './host-names.ts';
import { formatEndpoint } from '../text/endpoint.ts';

/** MAAS uses Debian's names of architectures. */
const architectures: Readonly<Record<string, string>> = {
  x86_64: 'amd64',
  i686: 'i386',
  aarch64: 'arm64',
  armv7l: 'armhf',
  ppc64le: 'ppc64el',
};
const IPMI_PORT = 623;

export const maas: ExportFormat = {
  description: 'MAAS: parameters of machines create',
  json: 'only',
  hiddenPassword: 'placeholder',
  render: (bmcs) => {
    const { named, notes } = nameHosts(bmcs, labels);
    const machines = named.map(({ bmc, hostName }) => toMachine(bmc, hostName));
    return { text: toJson(machines), notes: [...notes, ...noteMacs(bmcs), ...notePorts(bmcs)] };
  },
};

function toMachine(bmc: ExportedBmc, hostname: string): Readonly<Record<string, unknown>> {
  const { domain, secrets } = bmc;
  const kg = secrets.kg?.reveal();
  return {
    hostname,
    architecture: `${architectures[domain.architecture] ?? domain.architecture}/generic`,
    mac_addresses: domain.macs,
    power_type: 'ipmi',
    power_parameters_power_driver: 'LAN_2_0',
    power_parameters_power_boot_type: domain.bootMode === 'uefi' ? 'efi' : 'legacy',
    power_parameters_power_address: powerAddress(bmc),
    power_parameters_power_user: bmc.username,
    power_parameters_power_pass: passwordOrPlaceholder(bmc),
    ...defined({ power_parameters_k_g: kg === undefined ? undefined : `0x${kg}` }),
    power_parameters_cipher_suite_id: '17',
    power_parameters_privilege_level: 'OPERATOR',
  };
}

/** MAAS has no parameter for the port. It passes the address to FreeIPMI, which accepts `HOST:PORT`. */
function powerAddress({ address, port }: ExportedBmc): string {
  return port === IPMI_PORT ? address : formatEndpoint(address, port);
}

function notePorts(bmcs: readonly ExportedBmc[]): readonly Note[] {
  return bmcs
    .filter(({ port }) => port !== IPMI_PORT)
    .map(({ name }) => ({
      name,
      text: `MAAS only knows port ${IPMI_PORT}; the address contains the port instead, which needs FreeIPMI 1.6 or later`,
    }));
}
