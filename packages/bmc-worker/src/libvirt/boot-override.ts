/** Whether a domain's boot override is still to be used, and how one that a boot has used up is taken back. */
import type { DomainFacts, DomainFailure, DomainFailureKind } from '../core/terms/domain-action.ts';
import { failed, succeeded, type DomainConnection, type Result } from './domain-connection.ts';
import { editDefinition, type Definition } from './edit-definition.ts';
import { isUsedUp, orderOf, type FoundOverride } from './override-summary.ts';

/** Called with a failure that does not make the action fail. */
export type OnSideFailure = (failure: DomainFailure) => void;

/** The boot overrides of the inactive definition and of the running domain. */
export interface BootOverrideState {
  readonly config: FoundOverride;
  readonly live: FoundOverride;
}

export function idOf(override: FoundOverride): string | undefined {
  return typeof override === 'string' ? undefined : override.id;
}

/** Whether the running domain's next reset would use another boot order than the inactive definition has. */
export function isOrderPending({ config, live }: BootOverrideState): boolean {
  if (live === 'noDefinition' || config === 'noDefinition') return false;
  return orderOf(live) !== idOf(config);
}

/** Reads both at once. */
export async function readOverrides(domain: DomainConnection): Promise<Result<BootOverrideState>> {
  const [config, live] = await Promise.all([domain.readOverride('config'), domain.readOverride('live')]);
  if (!config.ok) return config;
  return live.ok ? succeeded({ config: config.value, live: live.value }) : live;
}

/** What became of the running domain's boot order. `failed`: libvirt was away, and may do it later. */
export type Followed = 'changed' | 'unchanged' | 'impossible' | 'refused' | 'failed';

const temporary: ReadonlySet<DomainFailureKind> = new Set([
  'hypervisorUnreachable',
  'deadlineExceeded',
  'calledOff',
]);

export function isTemporary({ kind }: DomainFailure): boolean {
  return temporary.has(kind);
}

/** Gives the running domain the definition's boot order, for its next reset. A failure is reported. */
export async function follow(
  domain: DomainConnection,
  definition: Definition,
  live: FoundOverride,
  onSideFailure: OnSideFailure,
): Promise<Followed> {
  if (live === 'noDefinition') return 'unchanged';
  // Loaded with the XML library, when first needed.
  const { followDefinition } = await import('./running-boot-order.ts');
  const followed = await followDefinition(domain, definition, live);
  if (followed.ok) return followed.value;
  const { kind, message } = followed.failure;
  onSideFailure({ kind, message: `the running domain keeps the boot order that it had: ${message}` });
  return isTemporary(followed.failure) ? 'failed' : 'refused';
}

/**
 * Restores the definition that the domain had before the override. The running domain gets its order first: after a crash in
 * between, the definition still says that there is something to take back.
 */
export async function takeBack(
  domain: DomainConnection,
  live: FoundOverride,
  onSideFailure: OnSideFailure,
): Promise<Result<Followed>> {
  let followed: Followed = 'unchanged';
  const beforeDefine = async (definition: Definition): Promise<void> => {
    const now = await follow(domain, definition, live, onSideFailure);
    // A second attempt finds the order that the first one has set.
    if (followed !== 'changed' || now !== 'unchanged') followed = now;
  };
  const edited = await editDefinition(domain, {
    change: (functions, xml) => functions.clearBootOverride(xml),
    // Nothing is done for a domain that is off.
    ...(live !== 'noDefinition' && { beforeDefine }),
  });
  return edited.ok ? succeeded(followed) : edited;
}

/** The fact that the core keeps, to try again. */
export function orderFacts(followed: Followed): Pick<DomainFacts, 'bootOrderIsStale'> {
  return followed === 'failed' ? { bootOrderIsStale: true } : {};
}

/** Takes back an override that a boot has used up. */
export async function consume(
  domain: DomainConnection,
  live: FoundOverride,
  onSideFailure: OnSideFailure,
): Promise<Result<DomainFacts>> {
  const taken = await takeBack(domain, live, onSideFailure);
  return taken.ok ? succeeded({ bootOverrideConsumed: true, ...orderFacts(taken.value) }) : taken;
}

/**
 * Takes back a one-shot override that a boot has used up: one that the running domain was started with (by an operator, or
 * by a worker that died before it could take it back), or one whose boot was under way when a worker died. An override
 * applies at most once, so it is taken back in case of doubt. To be called before a boot or another override.
 */
export async function settleBootOverride(
  domain: DomainConnection,
  onSideFailure: OnSideFailure,
): Promise<Result<BootOverrideState>> {
  const read = await readOverrides(domain);
  if (!read.ok) return read;
  const { config, live } = read.value;
  if (typeof config === 'string' || !isUsedUp(config, live)) return read;
  const taken = await takeBack(domain, live, onSideFailure);
  if (!taken.ok) return failed(taken.failure);
  const followed = taken.value;
  const follows = followed === 'changed' || followed === 'unchanged';
  const now: FoundOverride = typeof live !== 'string' && follows ? { ...live, phase: 'takenBack' } : live;
  return succeeded({ config: 'none', live: now });
}
