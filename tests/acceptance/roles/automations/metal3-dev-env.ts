/** Metal3's development environment: it writes VirtualBMC's own files, and mounts them into a container. */
import { ADDRESS } from '../role-lab.ts';
import type { Automation, Trial } from '../trial.ts';
import { WITHOUT_OUR_UNIT } from './settings.ts';

const ROLE = 'vm-setup/roles/virtbmc';
const SETUP = `${ROLE}/tasks/setup_tasks.yml`;
const WORKING_DIRECTORY = '/opt/metal3-dev-env';
const nodes = [
  { name: 'node_0', virtualbmc_port: 6230 },
  { name: 'node_1', virtualbmc_port: 6231 },
];

export const metal3DevEnv: Automation = {
  name: 'metal3-dev-env',
  repository: 'metal3-io/metal3-dev-env',
  before: WITHOUT_OUR_UNIT,
  domains: nodes.map(({ name }) => name),
  run: async (trial) => {
    const { lab } = trial;
    await setup(trial, nodes.slice(0, 1));
    await trial.step(
      '02_configure_host.sh',
      '"${CONTAINER_RUNTIME}" run -d --net host --name vbmc ',
      'starts the container with these files',
      async (text) => {
        await lab.bash(
          `CONTAINER_RUNTIME=docker POD_NAME_INFRA= WORKING_DIR=${WORKING_DIRECTORY} VBMC_IMAGE=IMAGE\n${text}`,
        );
        return lab.switches({ port: 6230, user: 'admin', password: 'password' }, 'node_0');
      },
      '"${VBMC_IMAGE}"',
    );
    await trial.step('vbmc.sh', 'exec -ti vbmc vbmc', 'lists the BMCs', async (text) => {
      const listed = await lab.bash(`CONTAINER_RUNTIME=docker; set -- list; ${text}`);
      if (!/node_0 +\| running/.test(listed)) throw new Error(listed);
      return 'node_0 is running';
    });
    await setup(trial, nodes);
    await trial.step(
      SETUP,
      '- name: Create the Virtual BMCs',
      'a further node, after a restart',
      async () => {
        await lab.bash('systemctl restart container-vbmc');
        return lab.switches({ port: 6231, user: 'admin', password: 'password' }, 'node_1');
      },
    );
  },
};

async function setup(trial: Trial, vmNodes: readonly object[]): Promise<void> {
  await trial.play({
    files: [ROLE, 'vm-setup/roles/common'],
    roles: 'vm-setup/roles',
    tasks: [{ import_role: { name: 'virtbmc' } }],
    variables: {
      working_dir: WORKING_DIRECTORY,
      non_root_user: 'root',
      networks: [{ name: 'provisioning', address_v4: ADDRESS }],
      libvirt_uri: 'qemu:///system',
      vm_nodes: vmNodes,
    },
  });
}
