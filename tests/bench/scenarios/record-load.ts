import type { LoadResult } from '../load/load-job.ts';
import { median } from '../measure/distribution.ts';
import { ownerOfUdpPort } from '../measure/port-owner.ts';
import { processorSeconds } from '../measure/process-time.ts';
import type { ScenarioFindings, Series } from '../report/findings.ts';
import { firstTarget, OUR_NAME, type Subject } from '../subjects/subject.ts';

/** The rounds of one subject under one load. */
export interface LoadRounds {
  readonly subject: string;
  readonly results: LoadResult[];
  /** Processor time of the BMC's process for each request, in microseconds, round by round. */
  readonly serverUs: number[];
  /** The same of its parent, which logs every session. */
  readonly mainUs: number[];
}

export function noRounds(subject: string): LoadRounds {
  return { subject, results: [], serverUs: [], mainUs: [] };
}

/** One more round of load on a subject's first BMC. */
export async function addRound(
  rounds: LoadRounds,
  subject: Subject,
  load: () => Promise<LoadResult>,
): Promise<void> {
  const pid = ownerOfUdpPort(firstTarget(subject).port);
  const before = processorSeconds(pid);
  const mainBefore = processorSeconds(subject.mainPid);
  const result = await load();
  const requests = result.completed + result.rehearsed;
  rounds.results.push(result);
  rounds.serverUs.push(((processorSeconds(pid) - before) * 1e6) / requests);
  rounds.mainUs.push(((processorSeconds(subject.mainPid) - mainBefore) * 1e6) / requests);
}

export function rates({ subject, results }: LoadRounds): Series {
  return {
    subject,
    values: results.map(({ completed, seconds }) => completed / seconds),
  };
}

/** Rate, durations, processor time and failures. */
export function recordLoad(findings: ScenarioFindings, what: string, rounds: LoadRounds): void {
  const { subject, results, serverUs, mainUs } = rounds;
  findings.rounds({ what, subject, unit: '/s' }, rates(rounds).values);
  const medianOf = (pick: (result: LoadResult) => number): number => median(results.map(pick));
  const half = medianOf(({ durationMs }) => durationMs.median);
  const longest = Math.max(...results.map(({ durationMs }) => durationMs.max));
  findings.figure(
    { what: `${what}: p99`, subject, unit: 'ms' },
    medianOf(({ durationMs }) => durationMs.p99),
    `p50 ${half.toFixed(2)} ms, max ${longest.toFixed(1)} ms`,
  );
  const busy = medianOf(({ clientProcessorSeconds, seconds }) => clientProcessorSeconds / seconds);
  findings.figure(
    { what: `${what}: processor time each`, subject, unit: 'us' },
    median(serverUs),
    `of the BMC's process; of the main one ${median(mainUs).toFixed(0)} us; the client is busy ${(busy * 100).toFixed(0)} % of the time`,
  );
  recordFailures(findings, what, rounds);
}

/** Failures of vbmc are failures of the run; those of a peer are a figure. */
export function recordFailures(
  findings: ScenarioFindings,
  what: string,
  { subject, results }: Pick<LoadRounds, 'subject' | 'results'>,
): void {
  const all: Record<string, number> = {};
  for (const { failures } of results) {
    for (const [reason, count] of Object.entries(failures)) all[reason] = (all[reason] ?? 0) + count;
  }
  const reasons = Object.entries(all).map(([reason, count]) => `${count} × ${reason}`);
  const count = Object.values(all).reduce((sum, one) => sum + one, 0);
  const attempted = count + results.reduce((sum, { completed }) => sum + completed, 0);
  const retransmissions = results.reduce((sum, result) => sum + result.retransmissions, 0);
  const again = retransmissions > 0 ? [`${retransmissions} datagrams sent again`] : [];
  findings.figure(
    { what: `${what}: failed`, subject, unit: '' },
    count,
    [`of ${attempted}`, ...reasons, ...again].join('; '),
  );
  if (count > 0 && subject === OUR_NAME) findings.failure(`${what}: ${reasons.join('; ')}`);
}
