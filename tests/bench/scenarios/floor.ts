import { once } from 'node:events';
import type { CodecLoopResult } from '../load/codec-loop.ts';
import { forkBundled, runLoad } from '../load/run-load.ts';
import { processorSeconds } from '../measure/process-time.ts';
import type { Bench, Scenario } from '../scenario.ts';

const CLIENTS = 8;

/** The load client's work against a server that only returns what it receives. */
async function echo(bench: Bench): Promise<void> {
  const server = await forkBundled('echo-server');
  try {
    const [port] = (await once(server, 'message')) as [number];
    const before = processorSeconds(server.pid ?? 0);
    const result = await runLoad({ kind: 'echo', port, clients: CLIENTS, seconds: bench.sizes.roundSeconds });
    const used = processorSeconds(server.pid ?? 0) - before;
    const subject = 'node';
    const { completed, seconds } = result;
    bench.findings.figure({ what: 'UDP echo', subject, unit: '/s' }, completed / seconds);
    bench.findings.figure(
      { what: 'UDP echo: processor time each', subject, unit: 'us' },
      (used * 1e6) / completed,
    );
    for (const [reason, count] of Object.entries(result.failures))
      bench.findings.failure(`${count} × ${reason}`);
  } finally {
    server.kill();
  }
}

async function codec(bench: Bench, cipherSuiteId: 3 | 17): Promise<void> {
  const loop = await forkBundled('codec-loop');
  try {
    loop.send({ cipherSuiteId, seconds: bench.sizes.roundSeconds });
    const [{ cryptographyUs, codecUs }] = (await once(loop, 'message')) as [CodecLoopResult];
    const figure = (what: string, value: number): void => {
      bench.findings.figure({ what: `${what}, suite ${cipherSuiteId}`, subject: 'node', unit: 'us' }, value);
    };
    figure('cryptography of one request', cryptographyUs);
    figure('with codec', codecUs);
  } finally {
    loop.kill();
  }
}

export const floor: Scenario = {
  name: 'floor',
  about: 'what node itself needs for UDP and for the cryptography of a request',
  run: async (bench) => {
    await echo(bench);
    await codec(bench, 3);
    await codec(bench, 17);
  },
};
