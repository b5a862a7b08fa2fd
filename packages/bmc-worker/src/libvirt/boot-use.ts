/** What precedes and what follows a start or a reset, which uses up a one-shot boot override. */
import type { DomainFacts } from '../core/terms/domain-action.ts';
import {
  consume,
  follow,
  isOrderPending,
  type BootOverrideState,
  type OnSideFailure,
} from './boot-override.ts';
import { failed, succeeded, type DomainConnection, type Result } from './domain-connection.ts';
import { editDefinition, readDefinition } from './edit-definition.ts';
import { isOneShot, isUsedUp, type FoundOverride, type OverrideSummary } from './override-summary.ts';
import { readDomainXml } from './read-domain-xml.ts';
import { domainFailure } from './virsh-error.ts';

function oneShotOf(override: FoundOverride): OverrideSummary | undefined {
  return typeof override === 'string' || !isOneShot(override) ? undefined : override;
}

/** Before a start: records in the definition that a one-shot override is about to be used up. */
export async function announceStart(
  domain: DomainConnection,
  override: FoundOverride,
): Promise<Result<unknown>> {
  if (oneShotOf(override) === undefined) return succeeded(undefined);
  return editDefinition(domain, { change: (functions, xml) => functions.setOverridePhase(xml, 'booting') });
}

/**
 * After a start: takes back a one-shot override that the domain was started with. An override that it was not
 * started with (libvirt resumed a managed save image, or the start failed) is armed again.
 */
export async function concludeStart(
  domain: DomainConnection,
  override: FoundOverride,
  onSideFailure: OnSideFailure,
): Promise<Result<DomainFacts>> {
  const oneShot = oneShotOf(override);
  if (oneShot === undefined) return succeeded({});
  const live = await domain.readOverride('live');
  if (!live.ok) return live;
  if (isUsedUp({ ...oneShot, phase: 'armed' }, live.value)) return consume(domain, live.value, onSideFailure);
  const edited = await editDefinition(domain, {
    change: (functions, xml) => functions.setOverridePhase(xml, 'armed'),
  });
  return edited.ok ? succeeded({}) : edited;
}

/**
 * Before a reset: sees to it that the running domain's next boot follows the definition. `needsNewProcess`: QEMU cannot be
 * given that while it runs, and nothing is known that would keep another process from starting.
 */
export async function prepareReset(
  domain: DomainConnection,
  state: BootOverrideState,
  onSideFailure: OnSideFailure,
): Promise<Result<'ready' | 'needsNewProcess'>> {
  const { config, live } = state;
  if (live === 'noDefinition' || config === 'noDefinition') return succeeded('ready');
  // It was started with the boot menu on, and has it until it ends.
  const waitsInMenu = typeof live !== 'string' && live.bootFlags.device === 'biosSetup';
  const isPending = isOrderPending(state);
  if (!isPending && !waitsInMenu) return succeeded('ready');
  const definition = await readDefinition(domain);
  if (!definition.ok) return definition;
  const followed = isPending ? await follow(domain, definition.value, live, onSideFailure) : 'unchanged';
  const isDone = followed === 'changed' || followed === 'unchanged';
  if (isDone && !waitsInMenu) return succeeded('ready');
  const dumped = await domain.run('dumpxml');
  const obstacle = dumped.ok
    ? await findObstacle(dumped.stdout, definition.value.xml)
    : dumped.failure.message;
  if (obstacle === undefined) return succeeded('needsNewProcess');
  const what = `reset without another boot order or firmware setup, which take a power cycle: ${obstacle}`;
  onSideFailure(domainFailure('notAchieved', what));
  return succeeded('ready');
}

/** What the running domain has and a new process would not have; both as domain XML. Undefined if nothing is known. */
export async function findObstacle(liveXml: string, definition: string): Promise<string | undefined> {
  const { restartObstacle } = await import('./restart-obstacle.ts');
  const [live, defined] = [await readDomainXml(liveXml), await readDomainXml(definition)];
  if (live === undefined || defined === undefined) return 'virsh dumpxml printed no domain XML';
  return restartObstacle(live, defined);
}

/** Before a reset: notes that it uses up a one-shot override. Returns the override if so. */
export async function announceReset(
  domain: DomainConnection,
  config: FoundOverride,
  onSideFailure: OnSideFailure,
): Promise<OverrideSummary | undefined> {
  const oneShot = oneShotOf(config);
  if (oneShot === undefined) return undefined;
  const live = await domain.readOverride('live');
  if (!live.ok) {
    onSideFailure(live.failure);
    return undefined;
  }
  const isApplied =
    typeof live.value !== 'string' && live.value.phase === 'applied' && live.value.id === oneShot.id;
  if (!isApplied) return undefined;
  const noted = await domain.noteLiveOverride({ ...oneShot, phase: 'booting' });
  if (!noted.ok) onSideFailure(noted.failure);
  return oneShot;
}

/** After a reset: takes back the override that it has used up. One that failed has used none. */
export async function concludeReset(
  domain: DomainConnection,
  used: OverrideSummary,
  hasHappened: boolean,
  onSideFailure: OnSideFailure,
): Promise<Result<DomainFacts>> {
  if (hasHappened) return consume(domain, { ...used, phase: 'booting' }, onSideFailure);
  const noted = await domain.noteLiveOverride({ ...used, phase: 'applied' });
  return noted.ok ? succeeded({}) : failed(noted.failure);
}
