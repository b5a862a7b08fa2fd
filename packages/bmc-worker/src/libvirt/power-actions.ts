/** Carries out a Chassis Control plan on a real domain. */
import type { ChassisControl } from '@vbmc/ipmi-codec';
import type { DomainFacts } from '../core/terms/domain-action.ts';
import { settleBootOverride } from './boot-override.ts';
import { prepareReset } from './boot-use.ts';
import { planChassisControl, startsAgain } from './chassis-control.ts';
import { failed, succeeded, type DomainConnection, type Result } from './domain-connection.ts';
import { isReset, isStart, runSteps, type PowerOptions } from './power-steps.ts';
import { resetEnds } from './reset-end.ts';
import { domainStateText } from './state-reasons.ts';
import { runInTwoHalves } from './two-halves.ts';
import { domainFailure } from './virsh-error.ts';

const starts: ReadonlySet<ChassisControl> = new Set(['powerUp', 'powerCycle', 'hardReset']);

/** Carries out a `chassisControl` action. */
export async function performChassisControl(
  domain: DomainConnection,
  control: ChassisControl,
  options: PowerOptions,
): Promise<Result<DomainFacts>> {
  const before = await domain.readState();
  if (!before.ok) return before;
  const plan = planChassisControl(control, before.value);
  if (!plan.ok) {
    const { kind, why = `the domain is ${domainStateText(before.value)}` } = plan;
    return failed(domainFailure(kind, why));
  }
  if (plan.steps.length === 0) return succeeded({ domainState: before.value });
  if (!starts.has(control)) return runSteps(domain, plan.steps, 'none', options);

  const [settled, ends] = await Promise.all([
    settleBootOverride(domain, options.onSideFailure),
    plan.steps.some(isReset) ? resetEnds(domain) : succeeded(false),
  ]);
  if (!settled.ok) return settled;
  if (!ends.ok) return ends;
  const { config: override } = settled.value;
  const prepared =
    plan.steps.some(isReset) && !ends.value
      ? await prepareReset(domain, settled.value, options.onSideFailure)
      : succeeded('ready');
  if (!prepared.ok) return prepared;
  const needsNewProcess = ends.value || prepared.value === 'needsNewProcess';
  const steps = needsNewProcess ? plan.stepsInNewProcess : plan.steps;
  if (override === 'noDefinition' && steps.some(isStart)) {
    // Ending a transient domain deletes it: there would be nothing to start.
    return failed(domainFailure('notExpressible', 'the domain is transient: it could not be started again'));
  }
  return (startsAgain(steps) ? runInTwoHalves : runSteps)(domain, steps, override, options);
}
