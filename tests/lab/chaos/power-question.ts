/** Asks a BMC for the power status while nobody changes its domain, and judges the answer. */
import { chassisOf } from '#support/clients/chassis.ts';
import type { ChaosDomain } from './chaos-domain.ts';
import { historyOf, type ChaosScene } from './chaos-scene.ts';
import { describeFacts, isOn, type DomainFacts } from './domain-facts.ts';
import { seconds } from './fault-ledger.ts';
import { judgeProbe, type ProbeAnswer } from './probe.ts';

const DEADLINE_MS = 10_000;

/** `facts`: what libvirt has said of the domain, and what must still be so. */
export async function askForPower(scene: ChaosScene, domain: ChaosDomain, facts: DomainFacts): Promise<void> {
  const { tally, ledger, now } = scene;
  const from = now();
  const answer = await ask(domain);
  const to = now();
  tally.probes += 1;
  const verdict = judgeProbe(answer, {
    isOn: isOn(facts),
    isUndisturbed: ledger.isUndisturbed(domain.index, from, to),
    mayBeStale: ledger.mayBeStale(from, to),
  });
  if (verdict.is === 'excused') tally.excusedProbes += 1;
  if (!('what' in verdict)) return;
  tally.violate({
    kind: verdict.is === 'wrongAnswer' ? 'wrong answer' : 'disturbed neighbour',
    what: `${domain.name}, power status: ${verdict.what}`,
    history: [
      `asked at ${seconds(from)}, answered at ${seconds(to)}`,
      `libvirt: ${describeFacts(facts)}`,
      ...historyOf(scene, domain),
    ],
  });
}

async function ask({ bmc }: ChaosDomain): Promise<ProbeAnswer> {
  try {
    const power = await chassisOf(bmc, { deadlineMs: DEADLINE_MS }).power();
    if (typeof power === 'number') return { is: 'failed', why: `${power.toString(16).toUpperCase()}h` };
    return { is: 'told', power };
  } catch (error) {
    return { is: 'failed', why: String(error) };
  }
}
