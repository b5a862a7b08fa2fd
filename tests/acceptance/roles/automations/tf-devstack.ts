/** Tungsten Fabric's tf-devstack: shell functions, which start vbmcd themselves when it does not run. */
import { ADDRESS } from '../role-lab.ts';
import type { Automation } from '../trial.ts';
import { WITHOUT_OUR_UNIT } from './settings.ts';

const FUNCTIONS = 'contrib/infra/kvm/functions.sh';
const COLLECT = 'rhosp/providers/kvm/02_collecting_node_information.sh';
const STAGES = 'rhosp/providers/kvm/stages.sh';
const NAME = 'overcloud-controller-0';

export const tfDevstack: Automation = {
  name: 'tf-devstack',
  repository: 'tungstenfabric/tf-devstack',
  before: WITHOUT_OUR_UNIT,
  domains: [NAME],
  run: async (trial) => {
    const { lab, checkout } = trial;
    const directory = await lab.bring(checkout, [FUNCTIONS]);
    // The functions look for vbmcd by ps, which must not find this script.
    const functions = `cd /root; source ${directory}/${FUNCTIONS}\n`;
    try {
      await trial.step(
        FUNCTIONS,
        'function start_vbmc',
        'starts vbmcd, adds and starts the BMC',
        async () => {
          await lab.bashWithBackground(`${functions}start_vbmc 16000 ${NAME} ${ADDRESS} ADMIN secret`);
          return lab.switches({ port: 16_000, user: 'ADMIN', password: 'secret' }, NAME);
        },
        /^}/,
      );
      for (const [what, value] of [
        ['get_vbmc_ip', ADDRESS],
        ['get_vbmc_port', '16000'],
      ] as const) {
        await trial.step(
          COLLECT,
          `function ${what}`,
          what,
          async (text) => {
            const found = await lab.bashWithBackground(`${functions}${text}\n${what} ${NAME}`);
            if (found.trim() !== value) throw new Error(found);
            return value;
          },
          /^}/,
        );
      }
      await lab.bash(`vbmc stop ${NAME}`);
      await trial.step(STAGES, 'sudo vbmc --no-daemon start', 'starts all BMCs', async (text) => {
        await lab.bash(text);
        return lab.bash(`vbmc list -f value | grep '${NAME} running'`);
      });
      await trial.step(
        FUNCTIONS,
        'function delete_vbmc',
        'deletes the BMC',
        async () => {
          await lab.bashWithBackground(`${functions}delete_vbmc ${NAME}`);
          const left = await lab.bash("vbmc list -f value -c 'Domain name'");
          if (left !== '') throw new Error(left);
          return 'vbmc list is empty';
        },
        /^}/,
      );
    } finally {
      await lab.tryBash('kill $(pgrep -f "vbmcd")');
    }
  },
};
