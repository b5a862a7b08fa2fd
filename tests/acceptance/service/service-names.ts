/** The service by the names that scripts for VirtualBMC use: `virtualbmc` (RDO, most by pip) and `vbmcd` (Fedora, Debian). */
import type { Report } from '../report.ts';
import { expectText } from './expect.ts';
import { oldPackages, OWN_UNIT } from './old-packages.ts';
import type { SystemdLab } from '#lab/systemd/systemd-lab.ts';

const names = ['virtualbmc', 'vbmcd'] as const;

/** Expects what `install` leaves: VirtualBMC's packages removed, not purged, and a unit of the operator's own. */
export async function serviceNames(lab: SystemdLab, report: Report): Promise<void> {
  const show = async (name: string, property: string): Promise<string> =>
    lab.sh(`systemctl show -p ${property} --value ${name}`);
  const state = async (): Promise<string> =>
    lab.sh('systemctl is-active vbmc | cat; systemctl is-enabled vbmc | cat');
  const linksInEtc = async (): Promise<string> =>
    lab.sh("find /etc/systemd '(' -name '*vbmc*' -o -name '*virtualbmc*' ')' -printf '%p -> %l\\n'");

  await report.step("names: the operator's own unit stays", async () => {
    expectText('virtualbmc.service', await show('virtualbmc', 'FragmentPath'), OWN_UNIT);
    expectText('vbmc.service', await state(), 'active\nenabled');
    await lab.sh(`rm ${OWN_UNIT} && systemctl daemon-reload`);
    return OWN_UNIT;
  });

  await report.step('names: those of VirtualBMC are ours', async () => {
    for (const name of names) {
      expectText(`the Id of ${name}`, await show(name, 'Id'), 'vbmc.service');
      await lab.sh(`systemctl is-active ${name} && systemctl is-enabled ${name} && systemctl status ${name}`);
    }
    return names.join(', ');
  });

  await report.step('names: stop, disable, enable, restart', async () => {
    await lab.sh(`dpkg --purge ${oldPackages.join(' ')}`);
    expectText('after the purge of VirtualBMC, vbmc', await state(), 'active\nenabled');
    const links = await linksInEtc();
    for (const name of names) {
      await lab.sh(`systemctl stop ${name}`);
      await lab.sh(`systemctl disable ${name}`);
      expectText(`after stop and disable of ${name}, vbmc`, await state(), 'inactive\ndisabled');
      expectText('the links in /etc', await linksInEtc(), '');
      await lab.sh(`systemctl enable --now ${name}`);
      // Scripts do it again each time they run.
      await lab.sh(`systemctl enable --now ${name} && systemctl restart ${name} && systemctl reload ${name}`);
      expectText(`after enable of ${name}, vbmc`, await state(), 'active\nenabled');
      expectText('the links in /etc', await linksInEtc(), links);
    }
    return links;
  });
}
