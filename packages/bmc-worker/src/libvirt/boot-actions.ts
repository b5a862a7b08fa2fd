/** Sets and reads boot overrides of a real domain. */
import { randomUUID } from 'node:crypto';
import type { BootFlags } from '@vbmc/ipmi-codec';
import type { DomainFacts } from '../core/terms/domain-action.ts';
import {
  consume,
  follow,
  isOrderPending,
  isTemporary,
  orderFacts,
  readOverrides,
  settleBootOverride,
  type OnSideFailure,
} from './boot-override.ts';
import { failed, succeeded, type DomainConnection, type Result } from './domain-connection.ts';
import { editDefinition, readDefinition } from './edit-definition.ts';
import { isOneShot, isUsedUp } from './override-summary.ts';
import { domainFailure } from './virsh-error.ts';

const transient = domainFailure('notExpressible', 'the domain is transient: it has no inactive definition');

/** Carries out a `setBootFlags` action. */
export async function setBootFlags(
  domain: DomainConnection,
  bootFlags: BootFlags,
  onSideFailure: OnSideFailure,
): Promise<Result<DomainFacts>> {
  // Settled first, because `virsh define` would make a transient domain persistent, and because a one-shot
  // override that was used up must not be mistaken for the same one armed again.
  const settled = await settleBootOverride(domain, onSideFailure);
  if (!settled.ok) return settled;
  const { config, live } = settled.value;
  if (config === 'noDefinition') {
    const restores = !bootFlags.valid || bootFlags.device === 'noOverride';
    return restores ? succeeded({}) : failed(transient);
  }
  const edited = await editDefinition(domain, {
    change: (functions, xml) => functions.setBootOverride(xml, bootFlags, randomUUID()),
  });
  if (!edited.ok) return edited;
  const { override } = edited.value;
  if (!isOrderPending({ config: override ?? 'none', live })) return succeeded({});
  return succeeded(orderFacts(await follow(domain, edited.value, live, onSideFailure)));
}

/** Carries out a `readBootFlags` action. */
export async function readBootFlags(
  domain: DomainConnection,
): Promise<Result<Pick<DomainFacts, 'bootFlags' | 'bootOverrideIsUsedUp'>>> {
  const config = await domain.readOverride('config');
  if (!config.ok) return config;
  const override = config.value;
  // Hardly any domain has an override: the running domain is asked only if it matters.
  if (typeof override === 'string') return succeeded({});
  const { bootFlags } = override;
  if (!isOneShot(override)) return succeeded({ bootFlags });
  const live = await domain.readOverride('live');
  if (!live.ok) return live;
  return succeeded(isUsedUp(override, live.value) ? { bootOverrideIsUsedUp: true } : { bootFlags });
}

/**
 * Carries out a `recoverBootOverride` action: takes back a used up override, and gives the running domain the order of one
 * that is still to be used, which a worker that died may have left undone.
 */
export async function recoverBootOverride(
  domain: DomainConnection,
  onSideFailure: OnSideFailure,
): Promise<Result<DomainFacts>> {
  const read = await readOverrides(domain);
  if (!read.ok) return read;
  const { config, live } = read.value;
  if (config === 'noDefinition') return succeeded({});
  if (config !== 'none' && isUsedUp(config, live)) return consume(domain, live, onSideFailure);
  const bootFlags = config === 'none' ? {} : { bootFlags: config.bootFlags };
  // `applied` is noted before it is so.
  const isNoted = typeof live !== 'string' && live.phase === 'applied';
  if (!isNoted && !isOrderPending(read.value)) return succeeded(bootFlags);
  const definition = await readDefinition(domain);
  if (!definition.ok) return definition;
  // This is tried again until libvirt answers: the first failure has been reported.
  const followed = await follow(domain, definition.value, live, (failure) => {
    if (!isTemporary(failure)) onSideFailure(failure);
  });
  return succeeded({ ...bootFlags, ...orderFacts(followed) });
}
