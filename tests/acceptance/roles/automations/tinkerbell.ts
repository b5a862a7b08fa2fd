/** Tinkerbell's playground: a script that adds the VMs of its state file to VirtualBMC in a container. */
import type { Automation } from '../trial.ts';
import { container } from './container.ts';
import { WITHOUT_OUR_UNIT } from './settings.ts';

const SCRIPT = 'capt/scripts/virtualbmc.sh';
const nodes = ['node1', 'node2'];

/** Answers what the script asks of the state file, because Debian's yq is another program. */
const YQ = `#!/bin/sh
case "$*" in
*outputDir*) echo output ;;
*virtualBMC.user*) echo root ;;
*virtualBMC.pass*) echo calvin ;;
*containerName*) echo virtualbmc ;;
*vm.details*) printf 'node1,6231\\nnode2,6232\\n' ;;
esac
`;

export const tinkerbell: Automation = {
  name: 'tinkerbell playground',
  repository: 'tinkerbell/playground',
  before: WITHOUT_OUR_UNIT,
  domains: nodes,
  run: async (trial) => {
    const { lab, checkout } = trial;
    const directory = await lab.bring(checkout, [SCRIPT]);
    await lab.systemd.write('/usr/local/bin/yq', YQ);
    await lab.bash(`chmod 755 /usr/local/bin/yq; ${container('virtualbmc')}`);
    await trial.step(
      SCRIPT,
      'vbmc add --username',
      'adds and starts the BMCs',
      async () => {
        await lab.bash(`${directory}/${SCRIPT} state`);
        return lab.switches({ port: 6232, user: 'root', password: 'calvin' }, 'node2');
      },
      'vbmc start',
    );
    await trial.step(
      'capt/tasks/Taskfile-vbmc.yaml',
      'grep -c "running"',
      'counts what runs',
      async (text) => {
        const pipeline = /docker exec .* vbmc list \| grep -c "running"/.exec(text)?.[0] ?? '';
        const count = await lab.bash(pipeline.replace('{{.VBMC_NAME}}', 'virtualbmc'));
        if (count !== '2') throw new Error(`it counts ${count}`);
        return '2';
      },
    );
  },
};
