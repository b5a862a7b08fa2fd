/** Starts clients.ts in a process of its own. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { ClientJob, ClientMessage, ReportOf } from './client-job.ts';

const RUN = join(import.meta.dirname, '../../lab/run.mjs');
const PROGRAM = join(import.meta.dirname, 'clients.ts');

export interface ClientProcess<Job extends ClientJob> {
  /** Rejects when the process fails; logins that fail are part of the report. */
  readonly report: Promise<ReportOf<Job>>;
  /** Ends a job that has no end of its own. */
  stop(): void;
}

export function startClients<Job extends ClientJob>(
  job: Job,
  print: (line: string) => void,
): ClientProcess<Job> {
  const clients = fork(RUN, [PROGRAM], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  clients.send(job);
  const ended = once(clients, 'exit').then(([code, signal]) => {
    throw new Error(`the process of clients has ended (${String(code ?? signal)})`);
  });
  const reported = new Promise<ReportOf<Job>>((resolve, reject) => {
    clients.on('message', (message: ClientMessage) => {
      if ('progress' in message) print(`      … ${message.progress}`);
      // The process reports on the job that it was given.
      else if ('report' in message) resolve(message.report as ReportOf<Job>);
      else reject(new Error(message.error));
    });
  });
  const report = Promise.race([reported, ended]);
  // Both are handled where `report` is awaited.
  for (const promise of [report, ended]) promise.catch(() => undefined);
  return {
    report,
    stop: () => {
      if (clients.connected) clients.send('stop');
    },
  };
}
