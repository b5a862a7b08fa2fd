/** Red Hat's infrared: it adds the nodes, powers them, checks them later by cutting `vbmc list` into columns, and cleans up. */
import { ADDRESS } from '../role-lab.ts';
import type { Automation, Trial } from '../trial.ts';
import { cannotInstall, cleansUp, tasksOf, type RoleFiles } from './vbmc-role.ts';

const TASKS = 'infrared/common/roles/vbmc/tasks';
const INVENTORY = `[hypervisor]
hypervisor
[undercloud]
undercloud-0 ansible_host=lab ansible_management='{"ipv4": {"network": "192.168.122.0", "netmask": "255.255.255.0"}}'
[overcloud_nodes]
controller-0 ansible_ssh_common_args='-o ProxyCommand="ssh lab"'
compute-0 ansible_ssh_common_args='-o ProxyCommand="ssh lab"'
`;
const nodes = ['controller-0', 'compute-0'];
const login = { port: 6231, user: 'admin', password: 'password' };

export const infrared: Automation = {
  name: 'infrared',
  repository: 'redhat-openstack/infrared',
  domains: nodes,
  run: async (trial) => {
    const { lab } = trial;
    await cannotInstall(trial, TASKS, '- virtualbmc');
    await run(trial, 'configure', [{ command: 'vbmc stop compute-0' }], 'check');
    await trial.step(`${TASKS}/configure.yml`, 'chassis power on', 'powers the nodes', async () => {
      for (const node of nodes) {
        const state = await lab.bash(`virsh domstate ${node}`);
        if (state !== 'running') throw new Error(`virsh says that ${node} is ${state}`);
      }
      return `virsh: ${nodes.join(' and ')} are running`;
    });
    await trial.step(`${TASKS}/check.yml`, "== 'down'", 'starts the BMC that is down', () =>
      lab.switches(login, 'compute-0'),
    );
    await run(trial, 'remove');
    await trial.step(`${TASKS}/remove.yml`, 'list -c "Domain name"', 'removes the BMCs', () => empty(trial));
    await run(trial, 'cleanup');
    await cleansUp(trial, TASKS);
  },
};

async function run(trial: Trial, ...files: RoleFiles): Promise<void> {
  await trial.play({
    files: ['infrared/common/roles/vbmc'],
    roles: 'infrared/common/roles',
    tasks: tasksOf(files),
    variables: {
      vbmc_host: 'hypervisor',
      vbmc_bin: 'vbmc',
      ansible_ssh_user: 'root',
      vbmc_management_address: ADDRESS,
      vbmc_nodes: nodes,
      install: { vbmc: { host: 'hypervisor', username: login.user, password: login.password } },
    },
    inventory: INVENTORY,
    mayFail: ['Stop and remove existing Virtual BMCs', 'kill vbmc processes if not managed by systemd'],
  });
}

async function empty(trial: Trial): Promise<string> {
  const left = await trial.lab.bash("vbmc list -f value -c 'Domain name'");
  if (left !== '') throw new Error(`vbmc list still has ${left}`);
  return 'vbmc list is empty';
}
