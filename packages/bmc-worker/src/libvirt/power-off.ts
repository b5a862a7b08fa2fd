/** Carries out a power off: at once, whatever else is under way, and so that nothing of the machine's memory is left. */
import type { DomainFacts } from '../core/terms/domain-action.ts';
import { meets, powerOffSteps } from './chassis-control.ts';
import { observingRuns, type DomainConnection, type Result } from './domain-connection.ts';
import { discardManagedSave } from './managed-save.ts';
import { runSteps, type PowerOptions } from './power-steps.ts';

/**
 * `overtaken` resolves when the changes that it has called off have ended: a start among them may have begun before the
 * domain was destroyed, and have come through after.
 */
export async function powerOff(
  domain: DomainConnection,
  options: PowerOptions,
  overtaken: Promise<unknown> | undefined,
): Promise<Result<DomainFacts>> {
  const off = await destroy(domain, options);
  if (overtaken === undefined || !off.ok) return off;
  await overtaken;
  const after = await domain.readState();
  return after.ok && !meets('off', after.value) ? destroy(domain, options) : off;
}

async function destroy(domain: DomainConnection, options: PowerOptions): Promise<Result<DomainFacts>> {
  const verbsDone = new Set<string>();
  const observed = observingRuns(domain, (verb, { ok }) => {
    if (ok) verbsDone.add(verb);
  });
  const off = await runSteps(observed, powerOffSteps, 'none', options);
  if (!off.ok || verbsDone.has('destroy')) return off;
  const discarded = await discardManagedSave(domain);
  return discarded.ok ? off : discarded;
}
