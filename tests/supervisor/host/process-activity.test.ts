import { spawn } from 'node:child_process';
import { processActivity } from '#supervisor/host/process-activity.ts';
import { waitFor } from '#support/wait-for.ts';

test.each([
  ['a loop', 'for (;;);', 'R'],
  ['a sleep', 'setInterval(() => undefined, 1000)', 'S'],
])('%s', async (_what, program, state) => {
  const child = spawn(process.execPath, ['-e', `process.title = 'a (b) R 1 2'; ${program}`]);
  const pid = child.pid ?? 0;
  try {
    await waitFor(`state ${state}`, () => processActivity(pid)?.state === state);
    const before = processActivity(pid)?.processorMs ?? 0;
    if (state === 'R') {
      await waitFor('processor time', () => (processActivity(pid)?.processorMs ?? 0) > before + 50);
    }
    process.kill(pid, 'SIGSTOP');
    await waitFor('the stop', () => processActivity(pid)?.state === 'T');
  } finally {
    child.kill('SIGKILL');
  }
  await waitFor('the end', () => processActivity(pid) === undefined);
});
