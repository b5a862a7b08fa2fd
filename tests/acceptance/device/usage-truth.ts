/** The sensor of processor usage beside the guest's process, as `top` reads it from /proc; and sensors of a QEMU that stands still. */
import { readFileSync } from 'node:fs';
import type { Lab } from '#lab/lab.ts';
import { qemuPid } from '#lab/qemu-process.ts';
import { waitFor } from '#support/wait-for.ts';

/** Of /proc/PID/stat: 100 in a second. */
const TICKS_PER_SECOND = 100;
const WINDOW_MS = 5_000;
/** The sensor tells the last half minute or less. */
const WINDOWS = 7;
/** The two do not look at the same moments. */
const POINTS = 15;
/** Below, on whatever busy a machine, the guest did nothing. */
const BUSY_PERCENT = 20;
const AT_ONCE_MS = 1_000;

/** Makes the guest busy, for good. */
export async function compareUsage(lab: Lab, index: number): Promise<string> {
  const pid = qemuPid(lab, lab.bmc(index).domain);
  await lab.guest(index).type('b');
  const top: number[] = [];
  const sensor: number[] = [];
  for (let window = 0; window < 2 * WINDOWS; window += 1) {
    const [ticks, from] = [ticksOf(pid), performance.now()];
    await new Promise((resolve) => void setTimeout(resolve, WINDOW_MS));
    const seconds = (ticksOf(pid) - ticks) / TICKS_PER_SECOND;
    top.push((100_000 * seconds) / (performance.now() - from));
    sensor.push(await usage(lab, index));
  }
  const seen = `sensor ${sensor.join(', ')} %; top ${top.map(Math.round).join(', ')} %`;
  for (const [at, percent] of sensor.entries()) {
    // At first the sensor still tells of the time before.
    if (at < WINDOWS) continue;
    const around = top.slice(at - WINDOWS, at + 1);
    if (percent < Math.min(...around) - POINTS || percent > Math.min(100, Math.max(...around) + POINTS))
      throw new Error(seen);
    if (Math.max(...around) < BUSY_PERCENT) throw new Error(`the guest is not busy: ${seen}`);
  }
  return seen;
}

/** Sensors answer at once; the process uses nothing, and so the sensor tells. */
export async function stopProcess(lab: Lab, index: number): Promise<string> {
  const pid = qemuPid(lab, lab.bmc(index).domain);
  process.kill(pid, 'SIGSTOP');
  try {
    const answers: number[] = [];
    await waitFor(
      'the sensor to tell that the process stands still',
      async () => {
        const asked = performance.now();
        const percent = await usage(lab, index);
        answers.push(performance.now() - asked);
        const tool = await lab.freeipmi('ipmi-sensors', lab.bmc(index), ['--quiet-cache']);
        answers.push(tool.durationMs);
        if (!/CPU Usage .*OK/.test(tool.stdout)) throw new Error(tool.stdout);
        return percent === 0;
      },
      { timeoutMs: 120_000, intervalMs: 2_000 },
    );
    const slowest = Math.max(...answers);
    if (slowest > AT_ONCE_MS) throw new Error(`an answer took ${slowest.toFixed(0)} ms`);
    return `${answers.length} answers, the slowest in ${slowest.toFixed(0)} ms; then 0 percent`;
  } finally {
    process.kill(pid, 'SIGCONT');
  }
}

async function usage(lab: Lab, index: number): Promise<number> {
  const { stdout } = await lab.ipmitool(lab.bmc(index), ['sdr', 'elist']);
  const percent = /^CPU Usage .* (\d+) percent$/m.exec(stdout)?.[1];
  if (percent === undefined) throw new Error(`no reading: ${stdout}`);
  return Number(percent);
}

/** User and system time of all its threads. */
function ticksOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}
