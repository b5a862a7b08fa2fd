import type { LoadResult } from '../load/load-job.ts';
import type { Bench } from '../scenario.ts';
import type { Subject } from '../subjects/subject.ts';
import { addRound, noRounds, rates, recordLoad, type LoadRounds } from './record-load.ts';

/** Puts the same load on vbmc and each peer in turn. Returns the rounds of vbmc. */
export async function compareLoads(
  bench: Bench,
  what: string,
  ours: Subject,
  peers: readonly Subject[],
  load: (subject: Subject) => Promise<LoadResult>,
): Promise<LoadRounds> {
  const our = { subject: ours, rounds: noRounds(ours.name) };
  const their = peers.map((subject) => ({ subject, rounds: noRounds(subject.name) }));
  for (let round = 0; round < bench.sizes.rounds; round += 1) {
    for (const { subject, rounds } of [our, ...their]) {
      bench.say(`${what}, round ${round + 1} of ${bench.sizes.rounds}: ${subject.name}`);
      await addRound(rounds, subject, () => load(subject));
    }
  }
  for (const { rounds } of [our, ...their]) recordLoad(bench.findings, what, rounds);
  for (const { rounds } of their) bench.findings.ratio(what, rates(our.rounds), rates(rounds));
  return our.rounds;
}
