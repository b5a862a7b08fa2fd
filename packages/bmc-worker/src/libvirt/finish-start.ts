import type { DomainFacts, OwedStart } from '../core/terms/domain-action.ts';
import { failed, succeeded, type DomainConnection, type Result } from './domain-connection.ts';
import { isOfConnection, lookAtOwed } from './owed-start.ts';
import { performChassisControl } from './power-actions.ts';
import type { PowerOptions } from './power-steps.ts';
import { domainFailure } from './virsh-error.ts';

/** Starts a domain that an earlier change has switched off and not started again, if that start is still wanted. */
export async function finishStart(
  domain: DomainConnection,
  { uuid }: OwedStart,
  options: PowerOptions,
): Promise<Result<DomainFacts>> {
  const { owedStarts, unusedOverride } = options;
  const look = await lookAtOwed(domain, uuid);
  if (look.ok && look.value.is === 'on') {
    await owedStarts.end('done');
    return succeeded({ domainState: look.value.domainState });
  }
  if (look.ok && (look.value.is === 'overtaken' || owedStarts.isOvertaken)) {
    const why = look.value.is === 'overtaken' ? look.value.why : 'the domain was started and ended meanwhile';
    await owedStarts.end('overtaken', why);
    return failed(domainFailure('invalidInPresentState', `the domain is not started: ${why}`));
  }
  // A start that libvirt has not finished is waited for.
  const started = look.ok ? await performChassisControl(domain, 'powerUp', options) : look;
  if (started.ok) {
    await owedStarts.end('done');
    return started;
  }
  const { failure } = started;
  if (failure.kind === 'calledOff') await owedStarts.end('calledOff');
  else if (isOfConnection(failure)) await owedStarts.end('left', failure.message, unusedOverride.id);
  else await owedStarts.end('failed', failure.message);
  return started;
}
