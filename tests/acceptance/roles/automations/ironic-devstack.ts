/** Ironic's devstack plugin: a unit of an ordinary user with `$VIRTUALBMC_CONFIG`, and BMCs that this user adds. */
import { findCheckout } from '../checkout.ts';
import type { Automation } from '../trial.ts';
import { WITHOUT_OUR_UNIT } from './settings.ts';

const FILE = 'devstack/lib/ironic';
const NAME = 'node-0';

const USER = `id stack > /dev/null 2>&1 || useradd --create-home --home-dir /opt/stack --shell /bin/bash --groups libvirt stack
mkdir -p /opt/stack/scripts /etc/ironic && chown -R stack: /opt/stack /etc/ironic
echo 'stack ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/stack
printf '#!/bin/sh\\nprintf "52:54:00:00:00:01 6230"\\n' > /opt/stack/scripts/create-node.sh
printf '#!/bin/sh\\n' > /opt/stack/scripts/cleanup-node.sh
mkdir -p /opt/stack/.config/vbmc && printf '[DEFAULT]\\npassword = password\\n' > /opt/stack/.config/vbmc/domains.ini
chmod 600 /opt/stack/.config/vbmc/domains.ini; chown -R stack: /opt/stack
chmod 755 /opt/stack/scripts/*.sh
`;

export const ironicDevstack: Automation = {
  name: 'ironic devstack',
  repository: 'openstack/ironic',
  before: WITHOUT_OUR_UNIT + USER,
  domains: [NAME],
  run: async (trial) => {
    const { lab, checkout, from } = trial;
    const devstack = await findCheckout(from, 'openstack/devstack');
    if (devstack === undefined) throw new Error(`openstack/devstack is not in ${from}`);
    const functions = await lab.bring(devstack, ['functions', 'functions-common', 'inc', 'stackrc', 'lib']);
    const directory = await lab.bring(checkout, ['devstack']);
    await lab.bash('chmod -R go+rX /root/checkouts && chmod go+x /root');
    /** Runs functions of the plugin as the user stack, who has set up what stack.sh sets up. */
    const call = (...lines: readonly string[]): Promise<string> =>
      lab.bash(`sudo -iu stack bash <<'END'
export DEST=/opt/stack DATA_DIR=/opt/stack/data STACK_USER=stack HOST_IP=127.0.0.1 SERVICE_HOST=127.0.0.1 TOP_DIR=/opt/stack
export OFFLINE=True ENABLED_SERVICES=ironic SYSTEMD_DIR=/etc/systemd/system SYSTEMCTL='sudo systemctl' FILES=/opt/stack/files GIT_BASE=x
export PUBLIC_BRIDGE_MTU=1500 VIRT_DRIVER=ironic IRONIC_DEPLOY_DRIVER=ipmi IRONIC_ENABLED_HARDWARE_TYPES=ipmi os_PACKAGE=deb
source ${functions}/functions
source ${directory}/${FILE}
set +o xtrace
get_python_exec_prefix() { echo /usr/local/bin; }
# Installs by pip; our package is there.
pip_install_gr() { :; }
openstack() { :; }
${lines.join('\n')}
END`);
    await trial.cannot(
      FILE,
      'pip_install_gr "virtualbmc"',
      'installs VirtualBMC by pip',
      'our package stands in',
    );
    await trial.step(
      FILE,
      'function install_virtualbmc',
      'writes a unit, starts it',
      async () => {
        await call(
          'install_virtualbmc; configure_virtualbmc; sudo systemctl daemon-reload; start_virtualbmc',
        );
        await lab.bash('sleep 3; systemctl is-active devstack@virtualbmc');
        return 'the unit is active';
      },
      'iniset -sudo $IRONIC_VBMC_CONFIG_FILE',
    );
    await trial.step(
      FILE,
      'vbmc --no-daemon add $vm_name',
      'adds and starts the BMC',
      async () => {
        await call(
          'IRONIC_NETWORK_SIMULATOR=none IRONIC_VM_LOG_CONSOLE=False IRONIC_VM_COUNT=1 IRONIC_SCRIPTS_DIR=/opt/stack/scripts',
          'IRONIC_VM_MACS_CSV_FILE=/opt/stack/macs LIBVIRT_GROUP=libvirt IRONIC_VM_NETWORK_BRIDGE=management IRONIC_PROVISION_NETWORK_NAME=x',
          'initialize_libvirt_storage_pool() { :; }',
          'create_bridge_and_vms || true',
        );
        return lab.switches({ port: 6230, user: 'admin', password: 'password' }, NAME);
      },
      'vbmc --no-daemon start $vm_name',
    );
    await trial.step(FILE, 'vbmc --no-daemon list | grep -a', 'deletes the BMC', async (text) => {
      await call(`vm_name=${NAME}`, text);
      const left = await lab.bash(`sudo -iu stack vbmc list -f value -c 'Domain name'`);
      if (left !== '') throw new Error(`vbmc list still has ${left}`);
      return 'vbmc list is empty';
    });
    await trial.step(
      FILE,
      'function cleanup_virtualbmc',
      'removes the unit',
      async () => {
        await call('cleanup_virtualbmc');
        return lab.bash('! test -e /etc/systemd/system/devstack@virtualbmc.service');
      },
      /^}/,
    );
  },
};
