/** OpenShift's dev-scripts: the container of metal3-dev-env, started by podman, with files that its role has written. */
import type { Automation } from '../trial.ts';
import { WITHOUT_OUR_UNIT } from './settings.ts';

const FILE = '04_setup_ironic.sh';
const WORKING_DIRECTORY = '/opt/dev-scripts';

/** As metal3-dev-env's role writes it, which dev-scripts checks out. */
const CONFIG = `mkdir -p ${WORKING_DIRECTORY}/virtualbmc/vbmc/conf/master_0 && cd ${WORKING_DIRECTORY}/virtualbmc/vbmc &&
printf '[default]\\nconfig_dir=/root/.vbmc/conf/\\n' > virtualbmc.conf &&
printf '[VirtualBMC]\\nusername = admin\\npassword = password\\ndomain_name = master_0\\nlibvirt_uri = qemu:///system
address = 192.168.122.1\\nactive = True\\nport = 6230\\n' > conf/master_0/config
`;

export const devScripts: Automation = {
  name: 'dev-scripts',
  repository: 'openshift-metal3/dev-scripts',
  before: WITHOUT_OUR_UNIT + CONFIG,
  domains: ['master_0'],
  run: async (trial) => {
    await trial.step(
      FILE,
      'if ! is_running vbmc',
      'starts the container',
      async (text) => {
        const { lab } = trial;
        await lab.bash(`is_running() { false; }\nWORKING_DIR=${WORKING_DIRECTORY} VBMC_IMAGE=IMAGE\n${text}`);
        return lab.switches({ port: 6230, user: 'admin', password: 'password' }, 'master_0');
      },
      /^ {4}fi/,
    );
  },
};
