/** Metal3's baremetal-operator: a script that adds a VM to VirtualBMC in a container, without a login. */
import type { Automation } from '../trial.ts';
import { container } from './container.ts';
import { DEFAULT_PASSWORD, WITHOUT_OUR_UNIT } from './settings.ts';

const SCRIPT = 'tools/bmh_test/vm2vbmc.sh';
const CLEAN = 'hack/clean-e2e.sh';
const NAME = 'bmo-e2e-0';

export const baremetalOperator: Automation = {
  name: 'baremetal-operator',
  repository: 'metal3-io/baremetal-operator',
  before: DEFAULT_PASSWORD + WITHOUT_OUR_UNIT,
  domains: [NAME],
  run: async (trial) => {
    const { lab, checkout } = trial;
    const directory = await lab.bring(checkout, [SCRIPT]);
    await lab.bash(container('vbmctl-vbmc'));
    await trial.step(
      SCRIPT,
      'vbmc add "${NAME}"',
      'adds and starts the BMC',
      async () => {
        await lab.bash(`${directory}/${SCRIPT} ${NAME} 16230 192.168.122.1`);
        return lab.switches({ port: 16_230, user: 'admin', password: 'password' }, NAME);
      },
      'vbmc list',
    );
    await trial.step(
      'cmd/make-virt-host/main.go',
      '"vbmc", "list", "-f", "json"',
      'reads the port',
      async (text) => {
        const args = [...text.matchAll(/"([^"]*)"/g)].slice(1).map(([, word]) => `'${word ?? ''}'`);
        const listed = await lab.bash(`docker exec vbmctl-vbmc vbmc ${args.join(' ')}`);
        const found = (JSON.parse(listed) as Record<string, unknown>[]).find(
          (one) => one['Domain name'] === NAME,
        );
        if (found?.['Port'] !== 16_230) throw new Error(listed);
        return 'Port is the number 16230';
      },
    );
    await trial.step(CLEAN, 'docker rm -f vbmctl-vbmc', 'ends the container', async (text) => {
      await lab.bash(`${text} && ! systemctl is-active container-vbmctl-vbmc`);
      return '';
    });
  },
};
