/** OpenStack's tenks: its daemon's unit, and its module that adds and deletes BMCs. */
import { ADDRESS } from '../role-lab.ts';
import type { Automation, Trial } from '../trial.ts';
import { WITHOUT_OUR_UNIT } from './settings.ts';

const login = { port: 6230, user: 'username', password: 'secret' };
const DAEMON_TASKS = 'ansible/roles/virtualbmc-daemon/tasks/main.yml';
const DOMAIN_TASKS = 'ansible/roles/virtualbmc-domain/tasks/main.yml';

export const tenks: Automation = {
  name: 'tenks',
  repository: 'openstack/tenks',
  before: WITHOUT_OUR_UNIT,
  domains: ['tk0'],
  run: async (trial) => {
    await daemon(trial, { vbmcd_virtualenv_path: '' });
    const present = {
      vbmc_domain: 'tk0',
      ...variables,
      vbmc_libvirt_uri: 'qemu:///system',
      vbmc_virtualenv_path: '',
    };
    await bmc(trial, 'adds and starts the BMC, twice', present, 2);
    await bmc(trial, 'deletes it', { ...present, vbmc_state: 'absent' });
  },
};

export const tenks2018: Automation = {
  name: 'tenks (2018)',
  repository: 'stackhpc/tenks',
  before: WITHOUT_OUR_UNIT,
  domains: ['tk0'],
  run: async (trial) => {
    await daemon(trial, { vbmcd_virtualenv_path: '/usr/local' });
    const present = { domain: 'tk0', ...variables, vbmc_virtualenv_path: '/usr/local' };
    await bmc(trial, 'adds and starts the BMC', present);
    await bmc(trial, 'deletes it', { ...present, vbmc_state: 'absent' });
  },
};

const variables = {
  vbmc_ipmi_address: ADDRESS,
  vbmc_ipmi_port: login.port,
  vbmc_ipmi_username: login.user,
  vbmc_ipmi_password: login.password,
  vbmc_log_directory: '/var/log',
};

async function daemon(trial: Trial, further: Readonly<Record<string, string>>): Promise<void> {
  await trial.cannot(DAEMON_TASKS, 'pip:', 'installs VirtualBMC by pip', 'left out by --start-at-task');
  await trial.play({
    files: ['ansible/roles'],
    roles: 'ansible/roles',
    tasks: [{ import_role: { name: 'virtualbmc-daemon' } }],
    variables: further,
    startAt: 'Ensure Virtual BMC systemd service is configured',
  });
}

async function bmc(
  trial: Trial,
  what: string,
  further: Readonly<Record<string, unknown>>,
  times = 1,
): Promise<void> {
  await trial.play({
    files: ['ansible/roles'],
    roles: 'ansible/roles',
    tasks: new Array(times).fill({ import_role: { name: 'virtualbmc-domain' } }),
    variables: further,
  });
  await trial.step(DOMAIN_TASKS, '- name: Ensure domain', what, async () => {
    const { lab } = trial;
    if (further['vbmc_state'] !== 'absent') return lab.switches(login, 'tk0');
    const left = await lab.bash("vbmc list -f value -c 'Domain name'");
    if (left !== '') throw new Error(`vbmc list still has ${left}`);
    return 'vbmc list is empty';
  });
}
