/** Red Hat CI's collection for OpenShift: as infrared's role, for the nodes of a cluster. */
import { ADDRESS } from '../role-lab.ts';
import type { Automation, Trial } from '../trial.ts';
import { cannotInstall, cleansUp, tasksOf, type RoleFiles } from './vbmc-role.ts';

const TASKS = 'roles/vbmc/tasks';
const nodes = ['master-0', 'master-1'];
const login = { port: 6231, user: 'ADMIN', password: 'ADMIN' };

export const redhatci: Automation = {
  name: 'redhatci.ocp',
  repository: 'redhatci/ansible-collection-redhatci-ocp',
  domains: nodes,
  run: async (trial) => {
    const { lab } = trial;
    await cannotInstall(trial, TASKS, 'name: virtualbmc');
    await trial.cannot(
      `${TASKS}/firewalld.yml`,
      'state: installed',
      'installs firewalld, opens ports',
      'only dnf knows "state: installed", and this is Debian: the rest runs with the ports that the role has counted',
    );
    const until = 'Install firewalld';
    await run(trial, { files: ['configure'], until });
    const files = ['configure', [{ command: 'vbmc stop master-1' }], 'check'];
    await run(trial, { files, startAt: 'Add nodes to vbmc', until });
    await trial.step(`${TASKS}/check.yml`, "== 'down'", 'starts the BMC that is down', () =>
      lab.switches(login, 'master-1'),
    );
    await run(trial, { files: ['remove'] });
    await trial.step(`${TASKS}/remove.yml`, '{{ vbmc_bin }} delete', 'removes one BMC', async () => {
      const left = await lab.bash("vbmc list -f value -c 'Domain name'");
      if (left !== 'master-0') throw new Error(`vbmc list has ${left}`);
      return 'vbmc list has master-0 only';
    });
    await run(trial, { files: ['cleanup'] });
    await cleansUp(trial, TASKS);
  },
};

interface Part {
  readonly files: RoleFiles;
  readonly startAt?: string;
  readonly until?: string;
}

async function run(trial: Trial, { files, ...part }: Part): Promise<void> {
  await trial.play({
    ...part,
    files: ['roles/vbmc'],
    tasks: tasksOf(files),
    variables: {
      vbmc_host: 'hypervisor',
      vbmc_bin: 'vbmc',
      vbmc_user: login.user,
      vbmc_pass: login.password,
      vbmc_nodes: nodes,
      // What the tasks before startAt make of this.
      vbmc_ports: { 'master-0': 6230, 'master-1': 6231 },
      vbmc_management_address: ADDRESS,
      vbmc_node: 'master-1',
      baremetal_net_ipv6: false,
      ansible_user: 'root',
      vbmc_ipmi_nodes: '{{ playbook_dir }}/ipmi_nodes.json',
    },
    inventory: `[masters]\n${nodes.join('\n')}\n`,
    mayFail: [
      'Stop and remove existing Virtual BMCs',
      'Kill vbmc processes if not managed by systemd',
      'Allow access to port vbmc from baremetal network',
      'Remove provisioner from ssh known_hosts',
    ],
  });
}
