import { waitFor } from '#support/wait-for.ts';
import type { LoggedCommand } from '#lab/ironic/command-log.ts';
import type { NodeUnderTest } from './node-under-test.ts';
import type { Step } from './step.ts';

const PASSTHRU_TIMEOUT_MS = 200_000;
const RESET_TIMEOUT_MS = 90_000;

export const interrupt: Step = {
  name: 'inject-nmi',
  needs: 'manage',
  run: async (node) => {
    await node.forcePower('on');
    await node.api.put(`/nodes/${node.name}/management/inject_nmi`, {});
    return 'power diag accepted';
  },
};

export const bmcSteps: readonly Step[] = [
  { name: 'send-raw', needs: 'manage', run: askDeviceId },
  reset('warm'),
  reset('cold'),
];

async function askDeviceId(node: NodeUnderTest): Promise<string> {
  const since = node.log.position();
  await passThrough(node, 'send_raw', { raw_bytes: '0x06 0x01' }, 'raw 0x06 0x01');
  const [, answer = '?'] =
    /send raw bytes returned stdout:\s*(.*?), stderr/s.exec(node.log.text(since)) ?? [];
  return `Get Device ID answered: ${answer.replaceAll(/\s+/g, ' ').trim()}`;
}

function reset(kind: 'warm' | 'cold'): Step {
  return {
    name: `bmc-reset-${kind}`,
    needs: 'manage',
    run: async (node) => {
      await passThrough(node, 'bmc_reset', { warm: kind === 'warm' }, `bmc reset ${kind}`);
      const startedAt = performance.now();
      const power = await waitFor(
        'the BMC to answer again',
        async () => {
          const now = await node.bmcPower();
          if (now !== 'on' && now !== 'off') throw new Error(now);
          return now;
        },
        { timeoutMs: RESET_TIMEOUT_MS, intervalMs: 1_000 },
      );
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
      return `accepted; the BMC answered again ${seconds} s later, power ${power}`;
    },
  };
}

/** Has Ironic run a command that it works on in the background. Only its log says how that ended. */
async function passThrough(node: NodeUnderTest, method: string, body: unknown, words: string): Promise<void> {
  const path = `/nodes/${node.name}/vendor_passthru`;
  const methods = Object.keys((await node.api.get(`${path}/methods`)) as object);
  if (!methods.includes(method)) throw new Error(`Ironic offers only ${methods.join(', ')}`);
  await node.settled();
  const since = node.log.position();
  const last = (): LoggedCommand | undefined =>
    node.log.commands(since).findLast((command) => command.words === words);
  await node.api.post(`${path}?method=${method}`, body);
  // Ironic tries again what has failed: only when it has unlocked the node, a failure is the end.
  const end = await waitFor(
    `Ironic to run ${words}`,
    async () => {
      const before = last();
      if (before?.outcome === '0') return before;
      const { reservation } = await node.api.node(node.name);
      return reservation === null ? before : undefined;
    },
    { timeoutMs: PASSTHRU_TIMEOUT_MS, intervalMs: 500 },
  );
  if (end.outcome !== '0') throw new Error(`${words} ended with ${end.outcome}`);
  await node.settled();
}
