/** `prometheus-ipmi-exporter` with the collectors that our BMCs have data for. */
import type { Lab } from '#lab/lab.ts';
import { findProgram } from '#lab/lab-environment.ts';
import { waitFor } from '#support/wait-for.ts';
import { freeTcpPort } from '#lab/free-ports.ts';
import type { Report } from './report.ts';

const PROGRAM = 'prometheus-ipmi-exporter';
const INDEX = 0;

export async function scrape(lab: Lab, report: Report): Promise<void> {
  const program = findProgram(PROGRAM);
  if (program === undefined) {
    // With systemd its package starts a service on all addresses: that is for the machine's owner to decide.
    report.skip(PROGRAM, `${PROGRAM} is not installed: apt-get install ${PROGRAM}`);
    return;
  }
  await report.step(`${PROGRAM}: bmc, chassis`, async () => {
    const { address, port, username, password, domain } = lab.bmc(INDEX);
    const module = { user: username, pass: password, driver: 'LAN_2_0', privilege: 'user', timeout: 10_000 };
    const modules = { modules: { default: { ...module, collectors: ['bmc', 'chassis'] } } };
    const file = lab.libvirt.directory.write('exporter.yml', JSON.stringify(modules), 0o600);
    const listen = `127.0.0.1:${await freeTcpPort()}`;
    const args = [`--config.file=${file}`, `--web.listen-address=${listen}`, '--freeipmi.path=/usr/sbin'];
    const exporter = lab.libvirt.spawn(program, args);
    try {
      await lab.libvirt.virsh('start', domain);
      const url = `http://${listen}/ipmi?target=${address}:${port}`;
      const text = await waitFor('the exporter', async () => (await fetch(url)).text());
      const values = [
        'ipmi_up{collector="bmc"} 1',
        'ipmi_up{collector="chassis"} 1',
        'ipmi_chassis_power_state 1',
      ];
      const missing = values.filter((value) => !text.includes(value));
      if (missing.length > 0) throw new Error(`no ${missing.join(', ')} in ${text}`);
      return values.join(', ');
    } finally {
      exporter.kill();
      await lab.libvirt.virsh('destroy', domain);
    }
  });
}
