/** ipmi-sensors keeps the SDR repository in a cache, and refuses to work when that is out of date. Kills must not make it so. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { startLab, type Lab } from '#lab/lab.ts';
import { launchVbmcd } from '#lab/vbmcd.ts';
import { waitFor } from '#support/wait-for.ts';
import type { Part } from './part.ts';

/** In the lab: FreeIPMI's own is found by the user, whom other labs share. */
const CACHE = 'sdr-cache';
/** A measurement that changes: a number before and after is the same. */
const measured = /^(\d+,(?:CPU|Memory) Usage,[^,]*,[^,]*),[\d.]+,/;
const columns = ['--comma-separated-output', '--no-header-output', '--output-sensor-state'];

export const keepSensorCache: Part = async ({ report, unlessInterrupted }) => {
  const lab = await startLab();
  try {
    let before: readonly string[] = [];
    let made = '';
    let { vbmcd }: { vbmcd: Pick<Lab['vbmcd'], 'stop' | 'running' | 'workerPids'> } = lab;
    const same = async (): Promise<string> => {
      await vbmcd.running();
      const { lines, durationMs } = await sensors(lab, before);
      if (cacheOf(lab) !== made) throw new Error(`the cache was made again: ${cacheOf(lab)}, before ${made}`);
      return `${lines.length} sensors as before, by the cache of before, in ${Math.round(durationMs)} ms`;
    };
    const restart = async (signal: 'SIGKILL' | 'SIGTERM'): Promise<string> => {
      await vbmcd.stop(signal);
      vbmcd = launchVbmcd(lab.libvirt, undefined);
      return same();
    };
    await report.step('ipmi-sensors makes its cache', () =>
      unlessInterrupted(
        (async () => {
          await lab.libvirt.virsh('start', 'node-0');
          await waitFor('a reading of CPU Usage', async () => {
            const { stdout } = await lab.ipmitool(lab.bmc(0), ['sdr', 'elist', 'all']);
            return /^CPU Usage .*percent/m.test(stdout);
          });
          ({ lines: before } = await sensors(lab, undefined));
          made = cacheOf(lab);
          return `${before.length} sensors; ${made}`;
        })(),
      ),
    );
    await report.step('after kill -9 of the worker', () =>
      unlessInterrupted(
        (async () => {
          for (const pid of vbmcd.workerPids()) process.kill(pid, 'SIGKILL');
          return same();
        })(),
      ),
    );
    await report.step('after kill -9 of vbmcd', () => unlessInterrupted(restart('SIGKILL')));
    await report.step('after a restart of vbmcd', () => unlessInterrupted(restart('SIGTERM')));
  } finally {
    await lab.stop();
  }
};

/** What ipmi-sensors prints, without measurements. Waits until it is `expected`, for as long as vbmcd asks libvirt anew. */
async function sensors(
  lab: Lab,
  expected: readonly string[] | undefined,
): Promise<{ readonly lines: readonly string[]; readonly durationMs: number }> {
  return waitFor('ipmi-sensors', async () => {
    const { exitCode, stdout, stderr, durationMs } = await lab.freeipmi('ipmi-sensors', lab.bmc(0), [
      ...columns,
      `--sdr-cache-directory=${lab.libvirt.directory.makeDirectory(CACHE)}`,
    ]);
    if (exitCode !== 0 || /cache.*(?:invalid|out of date|please)/i.test(stderr))
      throw new Error(`exit code ${String(exitCode)}: ${stderr}`);
    const lines = stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.replace(measured, '$1,NUMBER,'));
    if (expected !== undefined && lines.join('\n') !== expected.join('\n'))
      throw new Error(`${lines.join('\n')}\nbefore:\n${expected.join('\n')}`);
    return { lines, durationMs };
  });
}

/** The files of the cache with the moment at which each was written. */
function cacheOf(lab: Lab): string {
  const directory = join(lab.libvirt.directory.path, CACHE);
  const files = readdirSync(directory).map((name) => {
    const { size, mtimeMs } = statSync(join(directory, name));
    return `${size} bytes of ${new Date(mtimeMs).toISOString()}`;
  });
  if (files.length === 0) throw new Error(`no cache in ${directory}`);
  return files.join(', ');
}
