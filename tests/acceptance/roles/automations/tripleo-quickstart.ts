/** TripleO's quickstart: its role for VirtualBMC, with connections by ssh and VirtualBMC's default login. */
import { ADDRESS } from '../role-lab.ts';
import type { Automation, Trial } from '../trial.ts';
import { DEFAULT_PASSWORD, SERVICE_AS_ROOT, withSettings } from './settings.ts';

const FILE = 'roles/virtbmc/tasks/configure-vbmc.yml';
const nodes = [
  { name: 'control_0', virtualbmc_port: 6230 },
  { name: 'compute_0', virtualbmc_port: 6231 },
];

export const tripleoQuickstart: Automation = {
  name: 'tripleo-quickstart',
  repository: 'openstack/tripleo-quickstart',
  before: DEFAULT_PASSWORD + SERVICE_AS_ROOT + withSettings('virtualbmc_dir = /root/.vbmc'),
  domains: nodes.map(({ name }) => name),
  run: async (trial) => {
    await configure(trial);
    await trial.step(FILE, '- name: Create the Virtual BMCs', 'adds and starts the BMCs, twice', () =>
      trial.lab.switches({ port: 6231, user: 'admin', password: 'password' }, 'compute_0'),
    );
  },
};

async function configure(trial: Trial): Promise<void> {
  await trial.play({
    files: ['virtbmc', 'common', 'environment'].map((name) => `roles/${name}`),
    tasks: [{ import_role: { name: 'virtbmc' } }, { import_role: { name: 'virtbmc' } }],
    variables: {
      enable_vbmc: true,
      release: 'master',
      non_root_user: 'root',
      networks: [{ name: 'management', address: ADDRESS }],
      libvirt_uri: 'qemu:///system',
      virtualbmc_packages: ['python3-virtualbmc'],
      overcloud_nodes: nodes,
    },
    inventory: 'virthost ansible_host=lab\n',
  });
}
