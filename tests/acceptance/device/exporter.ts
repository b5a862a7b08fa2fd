/** Prometheus' exporter of IPMI asks the BMC with all its collectors. */
import { once } from 'node:events';
import type { Lab } from '#lab/lab.ts';
import { waitFor } from '#support/wait-for.ts';

export const EXPORTER = 'prometheus-ipmi-exporter';
const PORT = 29_290;

export async function scrape(lab: Lab): Promise<string> {
  const { address, port, username, password } = lab.bmc(0);
  const collectors = '[bmc, ipmi, chassis, dcmi, sel]';
  const module = `{user: ${username}, pass: ${password}, driver: LAN_2_0, privilege: user, collectors: ${collectors}, timeout: 30000}`;
  const config = lab.libvirt.directory.write('exporter.yml', `modules:\n  default: ${module}\n`);
  const listen = `127.0.0.1:${PORT}`;
  const exporter = lab.libvirt.spawn(EXPORTER, [`--config.file=${config}`, `--web.listen-address=${listen}`]);
  try {
    const url = `http://${listen}/ipmi?target=${address}:${port}&module=default`;
    const text = await waitFor('the exporter', async () => (await fetch(url)).text(), { timeoutMs: 60_000 });
    const up = [...text.matchAll(/^ipmi_up\{collector="(\w+)"\} 1$/gm)].map(([, name]) => name);
    if (up.join(' ') !== 'bmc chassis ipmi sel') throw new Error(`up: ${up.join(' ')}`);
    for (const expected of [/^ipmi_sensor_value\{.*CPU Usage.*\} \d/m, /^ipmi_sel_logs_count [1-9]/m])
      if (!expected.test(text)) throw new Error(`${String(expected)} is not in ${text.slice(0, 2_000)}`);
    return `up: ${up.join(', ')}; not dcmi, whose power reading no virtual machine has`;
  } finally {
    exporter.kill();
    await once(exporter, 'exit');
  }
}
