/** Three BMCs share port 623 at three addresses; the service has one capability; systemd rates its sandbox. */
import type { Report } from '../report.ts';
import { expectText } from './expect.ts';
import { INVENTORY, read, section } from './inventory-file.ts';
import { answer } from './ipmi-client.ts';
import type { SystemdLab } from '#lab/systemd/systemd-lab.ts';
import { processes } from './unit.ts';

const bmcAddresses = ['127.0.0.11', '127.0.0.12', '127.0.0.13'];
/** CAP_NET_BIND_SERVICE is number 10. */
const netBindService = 1n << 10n;
const HIGHEST_EXPOSURE = 1.6;

export async function addresses(lab: SystemdLab, report: Report): Promise<void> {
  const before = await read(lab);
  // A domain has at most one BMC, so the sections of the others are left out meanwhile.
  const withoutOthers = before.slice(0, before.indexOf('[node-0]'));
  const bmcs = bmcAddresses.map((address, index) => ({
    ...{ name: `at-${address}`, address, port: 623, password: `standard-${index}` },
  }));
  await report.step('three BMCs on 623 at three addresses', async () => {
    const sections = bmcs.map((bmc, index) => `${section(bmc)}domain_name = node-${index}\n`);
    await lab.write(INVENTORY, `${withoutOthers}${sections.join('')}`);
    await lab.sh('vbmc reload --allow-removal');
    const answers: string[] = [];
    for (const bmc of bmcs) answers.push(`${bmc.address}: ${await answer(lab, bmc, 'chassis power status')}`);
    return answers.join(', ');
  });

  await report.step('one capability, in every process', async () => {
    const pids = await processes(lab);
    for (const pid of pids) {
      const status = await lab.sh(`cat /proc/${pid}/status`);
      for (const set of ['CapPrm', 'CapEff', 'CapBnd', 'CapAmb']) {
        const value = BigInt(`0x${new RegExp(`^${set}:\\s+(\\S+)`, 'm').exec(status)?.[1] ?? 'ff'}`);
        if ((value & ~netBindService) !== 0n) throw new Error(`pid ${pid}: ${set} is ${value.toString(16)}`);
      }
      expectText(`NoNewPrivs of ${pid}`, /^NoNewPrivs:\s+(\d)/m.exec(status)?.[1] ?? '', '1');
    }
    return `${pids.length} processes, nothing but CAP_NET_BIND_SERVICE`;
  });

  await report.step('systemd-analyze security', async () => {
    const [line = ''] = (await lab.sh('systemd-analyze security vbmc.service --no-pager'))
      .split('\n')
      .slice(-1);
    const exposure = Number(/([0-9.]+) [A-Z]+/.exec(line)?.[1]);
    if (!(exposure <= HIGHEST_EXPOSURE)) throw new Error(line);
    return line;
  });
  await lab.write(INVENTORY, before);
  await lab.sh('vbmc reload --allow-removal');
}
