import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { build } from 'esbuild';
import type {
  EchoJob,
  LoadReply,
  LoadResult,
  ProbeJob,
  ProbeResult,
  RequestsJob,
  SessionsJob,
} from './load-job.ts';

const CHECKOUT = join(import.meta.dirname, '../../..');
const OUTPUT_DIRECTORY = join(CHECKOUT, 'node_modules/.cache/bench');

let bundled: Promise<unknown> | undefined;

/** The client collects garbage rarely: it is short-lived, and its memory does not matter. */
const execArgv = ['--max-semi-space-size=64'];

/** Starts one of the programs of this directory in a process of its own: bundled, as the worker is. */
export async function forkBundled(name: 'load-client' | 'echo-server' | 'codec-loop'): Promise<ChildProcess> {
  bundled ??= build({
    entryPoints: ['load-client', 'echo-server', 'codec-loop'].map((entry) =>
      join(import.meta.dirname, `${entry}.ts`),
    ),
    outdir: OUTPUT_DIRECTORY,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node20.17',
    format: 'esm',
    logLevel: 'warning',
  });
  await bundled;
  return fork(join(OUTPUT_DIRECTORY, `${name}.mjs`), { execArgv });
}

/** Rejects when the client itself fails; failed requests are part of the result. */
export async function runLoad(job: RequestsJob | SessionsJob | EchoJob): Promise<LoadResult> {
  const client = await forkBundled('load-client');
  try {
    client.send(job);
    const reply = await nextReply(client);
    if (reply.kind !== 'load') throw new Error(`the load client said ${reply.kind}`);
    return reply.result;
  } finally {
    client.kill();
  }
}

/** Resolves when the first datagrams are on their way; `result` when all have answered, or time was up. */
export async function startProbe(job: ProbeJob): Promise<{ readonly result: Promise<ProbeResult> }> {
  const client = await forkBundled('load-client');
  client.send(job);
  const ready = await nextReply(client);
  if (ready.kind !== 'ready') throw new Error(`the load client said ${ready.kind}`);
  const result = nextReply(client).then((reply) => {
    client.kill();
    if (reply.kind !== 'probe') throw new Error(`the load client said ${reply.kind}`);
    return reply.result;
  });
  return { result };
}

async function nextReply(client: ChildProcess): Promise<LoadReply> {
  const ended = once(client, 'exit').then(([code, signal]) => {
    throw new Error(`the load client has ended (${String(code ?? signal)})`);
  });
  const [reply] = (await Promise.race([once(client, 'message'), ended])) as [LoadReply];
  if (reply.kind === 'error') throw new Error(`the load client: ${reply.message}`);
  return reply;
}
