/** OpenStack's bifrost: the unit of its test environment, and the BMC of each test VM. */
import type { Automation } from '../trial.ts';
import { DEFAULT_PASSWORD, WITHOUT_OUR_UNIT } from './settings.ts';

const ROLE = 'playbooks/roles/bifrost-create-vm-nodes';
const ROLES = 'playbooks/roles';
const variables = {
  ansible_python_interpreter: '/usr/bin/python3',
  bifrost_venv_dir: '/usr',
  test_vm_ipmi_port_start: 6230,
  enable_ironic_networking: false,
};

export const bifrost: Automation = {
  name: 'bifrost',
  repository: 'openstack/bifrost',
  before: DEFAULT_PASSWORD + WITHOUT_OUR_UNIT,
  domains: ['testvm1'],
  run: async (trial) => {
    const { lab } = trial;
    await lab.bash(
      'virsh pool-info default > /dev/null 2>&1 || { virsh pool-define-as default dir --target /var/lib/libvirt/images && virsh pool-start default; }',
    );
    await trial.cannot(
      `${ROLE}/tasks/prepare_libvirt.yml`,
      '- name: install virtualbmc',
      'installs VirtualBMC by pip',
      'left out by --start-at-task',
    );
    await trial.play({
      files: [ROLE],
      roles: ROLES,
      tasks: [{ import_role: { name: 'bifrost-create-vm-nodes' } }],
      variables,
      startAt: 'ensure Virtual BMC systemd service is configured',
      until: 'install sushy-tools',
    });
    await trial.play({
      files: [ROLE],
      roles: ROLES,
      tasks: [
        {
          include_role: { name: 'bifrost-create-vm-nodes', tasks_from: 'create_vm' },
          // The second time it deletes the BMC, and adds it again, on the next port.
          loop: ['testvm1', 'testvm1'],
        },
      ],
      variables: { ...variables, testvm_json_data: {}, testvm_nodes_json: [] },
    });
    await trial.step(
      `${ROLE}/tasks/create_vm.yml`,
      'ipmi_username: "admin"',
      'plugs the VM into vbmc, twice',
      () => lab.switches({ port: 6231, user: 'admin', password: 'password' }, 'testvm1'),
      'ipmi_password: "password"',
    );
  },
};
