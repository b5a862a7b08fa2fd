/** The process that makes the load: one job, one reply, over IPC. It runs bundled, see run-load.ts. */
import { loadWithEchoes } from './echo-load.ts';
import type { LoadJob, LoadReply } from './load-job.ts';
import { probe } from './probe.ts';
import { loadWithRequests } from './requests-load.ts';
import { loadWithSessions } from './sessions-load.ts';

function reply(message: LoadReply): void {
  process.send?.(message);
}

async function carryOut(job: LoadJob): Promise<LoadReply> {
  switch (job.kind) {
    case 'requests':
      return { kind: 'load', result: await loadWithRequests(job) };
    case 'sessions':
      return { kind: 'load', result: await loadWithSessions(job) };
    case 'echo':
      return { kind: 'load', result: await loadWithEchoes(job) };
    case 'probe':
      return {
        kind: 'probe',
        result: await probe(job, () => {
          reply({ kind: 'ready' });
        }),
      };
  }
}

process.once('message', (job: LoadJob) => {
  carryOut(job)
    .catch((error: unknown): LoadReply => ({ kind: 'error', message: String(error) }))
    .then(reply, reply);
});
