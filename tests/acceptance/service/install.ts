/** Must show 1, first half: installed, it is active as user vbmc, and has no BMC with a password that others know. */
import type { Report } from '../report.ts';
import { expectText } from './expect.ts';
import type { ServiceLab } from './service-lab.ts';

export const DEB_IN_LAB = '/root/vbmc.deb';

export async function install(lab: ServiceLab, report: Report, deb: string): Promise<void> {
  await report.step('install: active as user vbmc', async () => {
    await lab.push([deb], '/root');
    await lab.sh(`mv /root/${deb.split('/').at(-1) ?? ''} ${DEB_IN_LAB}`);
    const startedAt = performance.now();
    // By itself, without a network: it is self-contained, and what it depends on is Debian's.
    await lab.sh(`DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ${DEB_IN_LAB}`);
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    expectText(
      'the unit',
      await lab.sh('systemctl is-active vbmc; systemctl is-enabled vbmc'),
      'active\nenabled',
    );
    const pid = await lab.sh('systemctl show -p MainPID --value vbmc');
    expectText('its user', await lab.sh(`ps -o user= -p ${pid}`), 'vbmc');
    return `in ${seconds} s, pid ${pid}, ${await lab.sh('systemctl show -p StatusText --value vbmc')}`;
  });

  await report.step('install: what only vbmc may read', async () => {
    const modes = await lab.sh(
      `stat -c '%a %U:%G %n' /etc/vbmc /etc/vbmc/domains.d /etc/vbmc/domains.ini /var/lib/vbmc`,
    );
    expectText(
      'owners and modes',
      modes,
      '750 root:vbmc /etc/vbmc\n750 root:vbmc /etc/vbmc/domains.d\n' +
        '640 root:vbmc /etc/vbmc/domains.ini\n755 vbmc:vbmc /var/lib/vbmc',
    );
    expectText('BMCs', await lab.sh('vbmc list --json'), '[]');
    return modes.replaceAll('\n', ', ');
  });

  await report.step('install: man pages, completion, docs', async () => {
    await lab.sh('man -P cat vbmc vbmcd domains.ini > /dev/null');
    const completed = await lab.sh(
      `bash -c '. /usr/share/bash-completion/bash_completion; _comp_load vbmc 2>/dev/null || __load_completion vbmc; complete -p vbmc'`,
    );
    await lab.sh('test -s /usr/share/doc/vbmc/examples/domains.ini');
    return completed;
  });
}
