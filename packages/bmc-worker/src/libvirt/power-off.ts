/** Carries out a power off: at once, whatever else is under way, and so that nothing of the machine's memory is left. */
import type { DomainFacts } from '../core/terms/domain-action.ts';
import { meets, powerOffSteps } from './chassis-control.ts';
import { observingRuns, type DomainConnection, type Result } from './domain-connection.ts';
import { discardManagedSave } from './managed-save.ts';
import { runSteps, type PowerOptions } from './power-steps.ts';

/** Between two attempts while a change that was called off has not ended, in milliseconds: a start may take minutes. */
const pausesMs: readonly number[] = [250, 500, 1_000, 2_000, 4_000, 8_000];

/**
 * `overtaken` resolves when the changes that it has called off have ended. A start among them may have begun before the domain
 * was destroyed, and have come through after; or libvirt has refused to destroy a domain that only then began to run.
 */
export async function powerOff(
  domain: DomainConnection,
  options: PowerOptions,
  overtaken: Promise<unknown> | undefined,
): Promise<Result<DomainFacts>> {
  let off = await destroy(domain, options);
  if (overtaken === undefined) return off;
  for (const pauseMs of pausesMs) {
    if (off.ok) break;
    const hasEnded = await Promise.race([
      overtaken.then(() => true),
      options.sleep(pauseMs).then(() => false),
    ]);
    off = await destroy(domain, options);
    if (hasEnded) return off;
  }
  await overtaken;
  if (!off.ok) return destroy(domain, options);
  const after = await domain.readState();
  if (after.ok) return meets('off', after.value) ? off : destroy(domain, options);
  // A transient domain no longer exists when it is off.
  return after.failure.kind === 'domainNotFound' ? off : after;
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
