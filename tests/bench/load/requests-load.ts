import { consoleTo } from '#support/clients/console-to.ts';
import { UdpConsole } from '#support/console/udp-console.ts';
import type { LoadResult, RequestsJob } from './load-job.ts';
import { runLoops, type LoadedLine } from './run-loops.ts';
import { SessionRequests } from './session-requests.ts';

/** Warms up both sides, and shows how many requests the measured time needs. */
const rehearsal = { requests: 3_000, seconds: 2 };
/** The server may be faster when it is warm. */
const RESERVE = 2;

interface OpenSession {
  readonly udpConsole: UdpConsole;
  readonly requests: SessionRequests;
  readonly target: number;
}

export async function loadWithRequests(job: RequestsJob): Promise<LoadResult> {
  const sessions: OpenSession[] = [];
  for (const [target, bmc] of job.targets.entries()) {
    for (let n = 0; n < job.sessionsPerTarget; n += 1) {
      const udpConsole = await UdpConsole.connect(consoleTo(bmc, { cipherSuiteId: job.cipherSuiteId }));
      sessions.push({ udpConsole, requests: new SessionRequests(udpConsole.console), target });
    }
  }
  try {
    const rehearsed = await run(job, sessions, rehearsal.requests, rehearsal.seconds);
    const perSecond = rehearsed.completed / rehearsed.seconds / sessions.length;
    const stock = Math.ceil(perSecond * job.seconds * RESERVE) + 100;
    const result = await run(job, sessions, stock, job.seconds);
    return { ...result, rehearsed: rehearsed.completed };
  } finally {
    for (const { udpConsole, requests } of sessions) {
      udpConsole.send(requests.closing());
      await udpConsole.abandon();
    }
  }
}

async function run(
  job: RequestsJob,
  sessions: readonly OpenSession[],
  requestsEach: number,
  seconds: number,
): Promise<LoadResult> {
  const lines = sessions.map(({ udpConsole, requests, target }): LoadedLine => ({
    line: udpConsole,
    target,
    requests: requests.chassisStatus(requestsEach),
    examine: (answer, index) => requests.examine(answer, index, job.powerOn),
  }));
  const { sent, ...result } = await runLoops(lines, {
    targets: job.targets.length,
    seconds,
    pauseMs: job.pauseMs,
  });
  for (const [at, { requests }] of sessions.entries()) requests.sent(sent[at] ?? 0);
  return result;
}
