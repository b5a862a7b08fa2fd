/** systemd restarts a killed supervisor, and no worker is orphaned. The watchdog restarts a supervisor that hangs. */
import type { Report } from '../report.ts';
import { expectText } from './expect.ts';
import { node0, nodes } from './inventory-file.ts';
import { answer, eventualAnswer } from './ipmi-client.ts';
import type { SystemdLab } from '#lab/systemd/systemd-lab.ts';
import { mainPid, processes, property, replacementOf, secondsSince } from './unit.ts';

/** Long enough for WatchdogSec=, the abort and the start. */
const WATCHDOG_PATIENCE_MS = 90_000;

export async function supervision(lab: SystemdLab, report: Report): Promise<void> {
  await report.step('kill -9 of the supervisor', async () => {
    const before = await processes(lab);
    const pid = await mainPid(lab);
    const startedAt = performance.now();
    await lab.sh(`kill -9 ${pid}`);
    await replacementOf(lab, pid, 20_000);
    const back = secondsSince(startedAt);
    for (const node of nodes) await answer(lab, node, 'chassis power status');
    const now = await processes(lab);
    const orphans = before.filter((one) => now.includes(one));
    if (orphans.length > 0) throw new Error(`still there: ${orphans.join(' ')}`);
    expectText('processes', String(now.length), String(1 + nodes.length));
    return `ready again after ${back}; ${before.length} processes before, ${now.length} new ones, no orphan`;
  });

  await report.step('signs of life keep it running', async () => {
    const pid = await mainPid(lab);
    const limit = await property(lab, 'WatchdogUSec');
    await lab.sh('sleep 35');
    expectText('MainPID', await mainPid(lab), pid);
    return `${limit}: pid ${pid} after 35 s, ${await property(lab, 'NRestarts')} restarts`;
  });

  await report.step('a hung supervisor: the watchdog', async () => {
    const pid = await mainPid(lab);
    const startedAt = performance.now();
    await lab.sh(`kill -STOP ${pid}`);
    const meanwhile = await answer(lab, node0, 'chassis power status');
    await replacementOf(lab, pid, WATCHDOG_PATIENCE_MS);
    const back = secondsSince(startedAt);
    await eventualAnswer(lab, node0, 'chassis power status');
    expectText('the journal', await lab.sh('journalctl -u vbmc --no-pager -n 40'), /Watchdog timeout/);
    return `meanwhile: ${meanwhile}; restarted ${back} after it stopped`;
  });
}
