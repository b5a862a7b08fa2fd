/** Waits after a command without a success until its BMC has no change under way any more, and judges what has become of it. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ChaosDomain } from './chaos-domain.ts';
import { showBmc, type ChaosScene } from './chaos-scene.ts';
import { PATIENT_MS, type ChaosCommand } from './command.ts';
import { isSame, type DomainFacts } from './domain-facts.ts';
import { judgeUnacknowledged, type Became } from './judge-change.ts';
import { sendCommand } from './send-command.ts';
import type { ViolationKind } from './tally.ts';
import { toldAbout } from './told-lines.ts';

/** A change that was cut is finished when the faults are over, at the latest after this long without one. */
const LIMIT_MS = 150_000;
/** What libvirtd has in hand from a worker that was killed is done by then. */
const STEADY_MS = 1_500;
const PAUSE_MS = 500;

const noOverride: ChaosCommand = { verb: 'bootdev', device: 'none', persistent: false };

export interface CutCommand {
  readonly command: ChaosCommand;
  /** When it was sent. */
  readonly from: number;
  readonly before: DomainFacts;
  readonly atOutcome: DomainFacts;
}

export interface Settlement {
  readonly settled: DomainFacts;
  readonly became: Became;
  readonly wrong: readonly string[];
  readonly kind: ViolationKind;
}

export async function settle(
  scene: ChaosScene,
  domain: ChaosDomain,
  { command, from, before, atOutcome }: CutCommand,
): Promise<Settlement> {
  const { now, ledger, signal } = scene;
  let calmSince = now();
  for (;;) {
    const reason = await reasonWhenAtRest(scene, domain);
    if (reason !== undefined) {
      const settled = await domain.facts();
      await sleep(STEADY_MS);
      if (isSame(settled, await domain.facts())) {
        const told = toldAbout(scene.vbmcd.lines, domain.name, { since: from, reason: reason.why });
        const judged = judgeUnacknowledged(command, { before, atOutcome, settled, told });
        return { settled, ...judged, kind: 'half a change' };
      }
    }
    if (signal.aborted) return { settled: atOutcome, became: 'nothing', wrong: [], kind: 'not settled' };
    if (!ledger.isCalm(domain.index, now())) calmSince = now();
    if (now() - calmSince > LIMIT_MS) {
      const wrong = [`its BMC has not come to rest within ${LIMIT_MS / 1_000} s without a fault`];
      return { settled: await domain.facts(), became: 'wrong', wrong, kind: 'not settled' };
    }
    await sleep(PAUSE_MS);
  }
}

/**
 * Undefined while a change is under way. A BMC refuses a change beside another one, so one that it makes is the proof that there is
 * none; and vbmcd must not be about to finish one.
 */
async function reasonWhenAtRest(
  scene: ChaosScene,
  domain: ChaosDomain,
): Promise<{ readonly why: string | null } | undefined> {
  try {
    const { unfinishedChange: before } = await showBmc(scene, domain.name);
    if (before !== null && before.reason === null) return undefined;
    const client = { program: 'console', deadlineMs: PATIENT_MS } as const;
    const { is } = await sendCommand(scene.clients, domain.bmc, noOverride, client);
    if (is !== 'acknowledged') return undefined;
    const { unfinishedChange: after } = await showBmc(scene, domain.name);
    return after !== null && after.reason === null ? undefined : { why: after?.reason ?? null };
  } catch {
    // vbmcd does not answer.
    return undefined;
  }
}
