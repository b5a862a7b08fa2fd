/** What follows a reset that this BMC did not cause: the guest has rebooted itself, or another program has reset it. */
import type { DomainFacts } from '../core/terms/domain-action.ts';
import {
  follow,
  isOrderPending,
  orderFacts,
  readOverrides,
  takeBack,
  type Followed,
  type OnSideFailure,
} from './boot-override.ts';
import { failed, succeeded, type DomainConnection, type Result } from './domain-connection.ts';
import { readDefinition } from './edit-definition.ts';
import { isOneShot, isUsedUp, type FoundOverride } from './override-summary.ts';
import { domainFailure } from './virsh-error.ts';

/**
 * Called for libvirt's `reboot` event. The running process is never ended: if it could not be started again, a reboot would
 * have switched the machine off.
 *
 * @param isRecent - the event has just come, so that the guest is still in its firmware.
 */
export async function followGuestReboot(
  domain: DomainConnection,
  isRecent: boolean,
  onSideFailure: OnSideFailure,
): Promise<Result<DomainFacts>> {
  const read = await readOverrides(domain);
  if (!read.ok) return read;
  const { config, live } = read.value;
  if (config === 'noDefinition' || live === 'noDefinition') return succeeded({});
  // This reboot has used the override, as it was meant to.
  const usedNow = typeof live !== 'string' && live.phase === 'applied';
  if (config !== 'none' && isOneShot(config) && (usedNow ? live.id === config.id : isUsedUp(config, live))) {
    const taken = await takeBack(domain, live, onSideFailure);
    if (!taken.ok) return taken;
    const facts: DomainFacts = { bootOverrideConsumed: true, ...orderFacts(taken.value) };
    return usedNow ? succeeded(facts) : bootAgain(domain, { live, followed: taken.value, isRecent, facts });
  }
  // A domain that was restored from a saved image has the order that it was started with, whatever the note says.
  if (live === 'none' && !isOrderPending(read.value)) return succeeded({});
  const definition = await readDefinition(domain);
  if (!definition.ok) return definition;
  const followed = await follow(domain, definition.value, live, onSideFailure);
  const isKept = followed === 'impossible' || followed === 'refused';
  if (isKept && isOrderPending(read.value)) onSideFailure(keepsOrder(live));
  const facts = orderFacts(followed);
  // Another reset would use up the override that the definition has now.
  if (config !== 'none' && isOneShot(config)) return succeeded(facts);
  return bootAgain(domain, { live, followed, isRecent, facts });
}

/**
 * The guest has begun to boot from a one-shot override once more, because its removal had failed. QEMU has the right order now,
 * so that another reset boots the right device. Only while the guest is in its firmware, where a reset does no harm.
 */
async function bootAgain(
  domain: DomainConnection,
  {
    live,
    followed,
    isRecent,
    facts,
  }: {
    readonly live: FoundOverride;
    readonly followed: Followed;
    readonly isRecent: boolean;
    readonly facts: DomainFacts;
  },
): Promise<Result<DomainFacts>> {
  const bootsTwice = followed === 'changed' && typeof live !== 'string' && isOneShot(live);
  if (!bootsTwice || !isRecent) return succeeded(facts);
  const reset = await domain.run('reset');
  if (!reset.ok) return failed(reset.failure);
  const after = await domain.readState();
  return succeeded(after.ok ? { ...facts, domainState: after.value } : facts);
}

function keepsOrder(live: FoundOverride) {
  const order =
    typeof live === 'string'
      ? 'the boot order that it was started with'
      : `the boot device ${live.bootFlags.device}`;
  const what = `the guest has rebooted with ${order}: it follows its definition only after a power cycle`;
  return domainFailure('notAchieved', what);
}
