/** Finds out, before a reset, whether the running domain would end by it. */
import { findObstacle } from './boot-use.ts';
import { failed, succeeded, type DomainConnection, type Result } from './domain-connection.ts';
import { readDefinition } from './edit-definition.ts';
import { endsOnReset } from './lifecycle-actions.ts';
import { domainFailure } from './virsh-error.ts';

/**
 * Whether libvirt would end the running domain instead of resetting it. Fails if the process that takes its place would lack
 * something that the domain has: a reset takes nothing from a machine.
 */
export async function resetEnds(domain: DomainConnection): Promise<Result<boolean>> {
  const dumped = await domain.run('dumpxml');
  if (!dumped.ok) return failed(dumped.failure);
  if (!endsOnReset(dumped.stdout)) return succeeded(false);
  const definition = await readDefinition(domain);
  if (!definition.ok) return definition;
  const obstacle = await findObstacle(dumped.stdout, definition.value.xml);
  if (obstacle === undefined) return succeeded(true);
  const what = `libvirt ends this domain on a reset (on_reboot), and it would not come up as it is: ${obstacle}`;
  return failed(
    domainFailure('invalidInPresentState', `${what}; a power cycle takes what the definition has`),
  );
}
