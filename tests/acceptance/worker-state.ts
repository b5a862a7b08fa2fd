/** The state of a worker and its domain, observed from outside. */
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { controlSocketPath } from '#supervisor/host/run-directory.ts';
import { text } from 'node:stream/consumers';
import type { Lab } from '#lab/lab.ts';
import { qemuPid } from '#lab/qemu-process.ts';

/** Resident memory of a process, in KiB. */
export function residentKib(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}

export async function workerPid(lab: Lab): Promise<number> {
  const [listed] = await lab.vbmcList();
  if (typeof listed?.pid !== 'number') throw new Error('node-0 has no worker');
  return listed.pid;
}

/** A counter of node-0 in vbmcd's metrics, the sum over its further labels. */
export async function counter(lab: Lab, name: string): Promise<number> {
  const metrics = await new Promise<string>((resolve, reject) => {
    const socketPath = controlSocketPath(lab.vbmcd.runDirectory);
    const asked = request({ socketPath, path: '/metrics' }, (response) => {
      text(response).then(resolve, reject);
    });
    asked.on('error', reject).end();
  });
  const series = metrics.matchAll(new RegExp(`^${name}\\{[^}]*bmc="node-0"[^}]*\\} (\\S+)$`, 'gm'));
  return [...series].reduce((sum, [, value]) => sum + Number(value), 0);
}

/** The state that an attacker's datagram would change if the worker accepted it. */
export async function untouched(lab: Lab): Promise<Readonly<Record<string, unknown>>> {
  return {
    'pid of the worker': await workerPid(lab),
    'pid of QEMU': qemuPid(lab, 'node-0'),
    'state by virsh': await lab.domstate('node-0'),
    'sessions opened': await counter(lab, 'vbmc_sessions_opened_total'),
    'power and boot commands': await counter(lab, 'vbmc_domain_actions_total'),
  };
}
