/** The CI framework of OpenStack on Kubernetes: VirtualBMC in a container, hosts added by `podman exec`, connections by ssh. */
import type { Automation, Trial } from '../trial.ts';

const TASKS = 'roles/virtualbmc/tasks';
const DOMAIN = 'cifmw-compute-0';
const login = { port: 6241, user: 'admin', password: 'password', address: '127.0.0.1' };

export const ciFramework: Automation = {
  name: 'ci-framework',
  repository: 'openstack-k8s-operators/ci-framework',
  before: 'systemctl disable --now vbmc\n',
  domains: [DOMAIN],
  run: async (trial) => {
    const { lab } = trial;
    await trial.cannot(
      `${TASKS}/main.yml`,
      'Install podman',
      'installs podman by dnf, and pulls an image',
      'no registry here: a unit with the same volumes stands in for the container',
    );
    await run(trial, ['main'], {}, 'Create ssh_config snippet for VBMC', 'Create and start vbmc container');
    await trial.step(
      `${TASKS}/main.yml`,
      'command: "/vbmcd.sh"',
      'the container runs its script',
      async () => {
        await lab.bash(
          'docker run -d --net host --name cifmw-vbmc -v /root/ssh/id_rsa_virt_power:/root/ssh/id_rsa_virt_power:ro,Z ' +
            '-v /root/.ssh/virtualbmc.conf:/etc/virtualbmc/virtualbmc.conf:ro,Z ' +
            '-v /root/.ssh/vbmc_ssh_config.conf:/etc/ssh/ssh_config.d/zzz-gssapi.conf:ro,Z ' +
            '-v /root/.ssh/vbmcd.sh:/vbmcd.sh:ro,Z -v /run/libvirt:/run/libvirt IMAGE /vbmcd.sh',
        );
        return '';
      },
    );
    const host = { cifmw_virtualbmc_machine: DOMAIN, cifmw_virtualbmc_ipmi_port: login.port };
    await run(trial, ['verify', 'manage_host', 'list_hosts'], { ...host, cifmw_virtualbmc_action: 'add' });
    await trial.step(`${TASKS}/manage_host.yml`, '--libvirt-uri', 'the BMC reaches libvirt by ssh', () =>
      lab.switches(login, DOMAIN),
    );
    await run(trial, ['manage_host'], { ...host, cifmw_virtualbmc_action: 'delete' });
    await trial.step(`${TASKS}/manage_host.yml`, 'Stop host in VBMC', 'deletes the host', async () => {
      const left = await lab.bash('podman exec cifmw-vbmc vbmc list -f json');
      if (left !== '[]') throw new Error(left);
      return 'vbmc list is empty';
    });
    const named = {
      cifmw_virtualbmc_ipmi_address: 'ipmi.utility',
      cifmw_virtualbmc_listen_address: '127.0.0.1',
    };
    await lab.bash("grep -q ipmi.utility /etc/hosts || echo '127.0.0.1 ipmi.utility' >> /etc/hosts");
    await run(trial, ['manage_host'], { ...host, ...named, cifmw_virtualbmc_action: 'add' });
    await trial.step(`${TASKS}/manage_host.yml`, '--address', 'a host name as address', () =>
      lab.switches(login, DOMAIN),
    );
  },
};

async function run(
  trial: Trial,
  tasksFrom: readonly string[],
  further: Readonly<Record<string, unknown>> = {},
  startAt?: string,
  until?: string,
): Promise<void> {
  await trial.play({
    files: ['roles/virtualbmc', 'roles/podman'],
    tasks: tasksFrom.map((file) => ({ import_role: { name: 'virtualbmc', tasks_from: file } })),
    variables: {
      ansible_user_dir: '/root',
      ansible_user_id: 'root',
      cifmw_virtualbmc_sshkey_path: '/root/.ssh/vbmc-key',
      // Only for the block that start-at reaches into.
      _vbmc_container_info: { containers: [] },
      ...further,
    },
    ...(startAt !== undefined && { startAt }),
    ...(until !== undefined && { until }),
  });
}
