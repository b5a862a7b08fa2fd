/** What a BMC's event log says by ipmitool and by ipmi-sel, and how often. */
import type { Lab } from '#lab/lab.ts';
import { waitFor } from '#support/wait-for.ts';

/** How one event reads in each client. */
export interface Words {
  readonly ipmitool: RegExp;
  readonly freeipmi: RegExp;
}

export async function eventLog(lab: Lab, index: number): Promise<string> {
  return (await lab.ipmitool(lab.bmc(index), ['sel', 'elist'])).stdout;
}

export async function clearEventLog(lab: Lab, index: number): Promise<void> {
  await lab.ipmitool(lab.bmc(index), ['sel', 'clear']);
  await waitFor('the log to be cleared', async () =>
    (await eventLog(lab, index)).includes('Log area reset/cleared'),
  );
}

/** Waits until the event is there, and throws unless both clients tell it this often. */
export async function logged(lab: Lab, index: number, words: Words, times = 1): Promise<void> {
  const count = (text: string, line: RegExp): number =>
    text.split('\n').filter((one) => line.test(one)).length;
  const text = await waitFor(`${words.ipmitool.source} in the log`, async () => {
    const now = await eventLog(lab, index);
    return count(now, words.ipmitool) >= times ? now : undefined;
  });
  const { stdout } = await lab.freeipmi('ipmi-sel', lab.bmc(index), ['--quiet-cache', '--verbose']);
  if (count(text, words.ipmitool) !== times || count(stdout, words.freeipmi) !== times)
    throw new Error(`not ${times} times ${words.freeipmi.source}: ${text}${stdout}`);
}
