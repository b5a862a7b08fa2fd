/** The unit for a user's own systemd, as docs/install.md says: by an ordinary user, with guests of qemu:///session. */
import { waitFor } from '#support/wait-for.ts';
import type { Report } from '../report.ts';
import { expectText } from './expect.ts';
import { answer } from './ipmi-client.ts';
import { emptyDomain } from './libvirt-domains.ts';
import type { SystemdLab } from '#lab/systemd/systemd-lab.ts';

const USER = 'someone';
const bmc = { port: 6271, password: 's3cret' };
const busyMachine = { timeoutMs: 120_000, intervalMs: 500 };

export async function userUnit(lab: SystemdLab, report: Report): Promise<void> {
  const as = async (line: string): Promise<string> =>
    lab.sh(
      `runuser -u ${USER} -- env -C / XDG_RUNTIME_DIR=/run/user/$(id -u ${USER}) HOME=/home/${USER} sh -c '${line}'`,
    );
  const isActive = async (): Promise<string> => as('systemctl --user is-active vbmc | cat');
  const domstate = async (): Promise<string> => as('virsh -c qemu:///session domstate theirs');

  await report.step('user unit: an ordinary user starts it', async () => {
    await lab.sh(`useradd --create-home ${USER} && loginctl enable-linger ${USER}`);
    await lab.write('/var/lib/theirs.xml', emptyDomain('theirs'));
    await lab.sh('chmod 644 /var/lib/theirs.xml');
    await waitFor(
      `the systemd of ${USER}`,
      async () => as('systemctl --user is-system-running'),
      busyMachine,
    );
    await as('virsh -c qemu:///session define /var/lib/theirs.xml');
    await as('systemctl --user enable --now vbmc');
    expectText('the unit', await isActive(), 'active');
    return as('systemctl --user show -p MainPID,StatusText vbmc');
  });

  await report.step('user unit: add, start, power on and off, judged by virsh', async () => {
    await as(`vbmc add theirs --port ${bmc.port} --password ${bmc.password}`);
    await as('vbmc start theirs');
    await waitFor('power on', async () => answer(lab, bmc, 'power on'), busyMachine);
    expectText('the domain', await domstate(), 'running');
    await as('systemctl --user reload vbmc');
    await answer(lab, bmc, 'power off');
    expectText('the domain', await domstate(), 'shut off');
    await answer(lab, bmc, 'power on');
    expectText('the domain', await domstate(), 'running');
    return as('vbmc list');
  });

  await report.step('user unit: a stop leaves the guest; the service of the system is another', async () => {
    await as('systemctl --user stop vbmc');
    expectText('the unit', await isActive(), 'inactive');
    expectText('the domain', await domstate(), 'running');
    expectText('vbmc.service of the system', await lab.sh('systemctl is-active vbmc'), 'active');
    await as('systemctl --user start vbmc');
    await waitFor('power off', async () => answer(lab, bmc, 'power off'), busyMachine);
    expectText('the domain', await domstate(), 'shut off');
    return domstate();
  });

  await lab.sh(
    `loginctl disable-linger ${USER}; loginctl terminate-user ${USER}; sleep 1; userdel --remove ${USER}`,
  );
}
