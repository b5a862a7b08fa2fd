/** tripleo-lab: a unit, a user and a polkit rule of its own, BMCs by its tasks, and a script that deletes them with the lab. */
import type { Automation } from '../trial.ts';
import { withFilesAt } from './settings.ts';

const TASKS = 'roles/builder/tasks/virtualbmc.yaml';
const DESTROY = 'roles/builder/templates/scripts/lab-destroy.j2';
const HELPERS = 'roles/builder/files/scripts/lab-helpers';
const DOMAIN = 'lab-oc0-compute-0';
/** What the filter `hashed_port` of the checkout makes of the node's name. */
const PORT = 11_404;
const variables = {
  vm_prefix: 'lab',
  virt_user: 'virtuser',
  vms: [{ name: 'compute-0' }],
  overclouds_range: [0],
};

export const tripleoLab: Automation = {
  name: 'tripleo-lab',
  repository: 'cjeanner/tripleo-lab',
  before: withFilesAt('/var/lib/vbmcd/.vbmc'),
  domains: [DOMAIN],
  run: async (trial) => {
    const { lab, checkout } = trial;
    const login = { port: PORT, user: 'ADMIN', password: 'ADMIN' };
    await trial.cannot(
      'roles/builder/tasks/packages.yaml',
      '- virtualbmc',
      'installs VirtualBMC by pip',
      'our package stands in',
    );
    for (const startAt of ['push vbmcd unit', 'Create the Virtual BMCs']) {
      await trial.play({
        files: ['roles/builder', 'filter_plugins'],
        tasks: [{ import_role: { name: 'builder', tasks_from: 'virtualbmc' } }],
        variables,
        startAt,
        until: 'Open firewalld in libvirt zone for each node',
      });
    }
    await trial.step(TASKS, '- name: Create the Virtual BMCs', 'adds and starts the BMC, twice', () =>
      lab.switches(login, DOMAIN),
    );
    const directory = await lab.bring(checkout, [HELPERS]);
    await lab.bash(`install -m 755 ${directory}/${HELPERS} /usr/local/bin/ && mkdir -p /home/virtuser`);
    await trial.play({
      files: [DESTROY],
      tasks: [
        {
          template: {
            src: `{{ playbook_dir }}/checkout/${DESTROY}`,
            dest: '/usr/local/bin/lab-destroy',
            mode: '0755',
          },
        },
      ],
      variables,
    });
    await trial.step(DESTROY, 'vbmc show -q $i', 'deletes the BMC with its domain', async () => {
      // Its exit code is that of firewall-cmd, which finds no firewall here.
      await lab.tryBash('echo y | lab-destroy');
      const left = await lab.bash("vbmc list -f value -c 'Domain name'");
      if (left !== '') throw new Error(`vbmc list still has ${left}`);
      return 'vbmc list is empty';
    });
  },
};
