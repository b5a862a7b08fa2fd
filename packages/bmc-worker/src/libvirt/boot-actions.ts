/** Sets and reads boot overrides of a real domain, and clears one-shot overrides that a boot has used up. */
import { randomUUID } from 'node:crypto';
import type { BootFlags } from '@vbmc/ipmi-codec';
import type { DomainFacts } from '../core/terms/domain-action.ts';
import type { BootEdit } from './boot-edit.ts';
import { failed, succeeded, type DomainConnection, type Result } from './domain-connection.ts';
import { isOneShot, type OverrideSummary } from './override-summary.ts';
import { domainFailure } from './virsh-error.ts';

type EditFunctions = typeof import('./boot-edit.ts');

const transient = domainFailure('notExpressible', 'the domain is transient: it has no inactive definition');

/**
 * Changes the inactive, security-complete definition and reads it back. libvirt has no compare-and-swap
 * for definitions: if another program edits it between these two calls (some 50 ms), that edit is lost.
 */
async function editDefinition(
  domain: DomainConnection,
  change: (functions: EditFunctions, xml: string) => BootEdit,
): Promise<Result<'changed' | 'unchanged'>> {
  const functions = await import('./boot-edit.ts');
  const readDefinition = () => domain.run('dumpxml', '--inactive', '--security-info');

  const dumped = await readDefinition();
  if (!dumped.ok) return failed(dumped.failure);
  const edit = change(functions, dumped.stdout);
  if (edit.kind === 'unchanged') return succeeded(edit.kind);
  if (edit.kind === 'refused') return failed(domainFailure('notExpressible', edit.why));
  if (edit.kind === 'unreadable') {
    return failed(domainFailure('virshFailed', 'virsh dumpxml printed no domain XML'));
  }
  try {
    const { withUnlinkedFile } = await import('./unlinked-file.ts');
    const defined = await withUnlinkedFile(edit.xml, (fd) => domain.define(fd));
    if (!defined.ok) return failed(defined.failure);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    return failed(domainFailure('virshFailed', `no temporary file for virsh define: ${code}`));
  }
  const readBack = await readDefinition();
  if (!readBack.ok) return failed(readBack.failure);
  if (edit.isIn(readBack.stdout)) return succeeded(edit.kind);
  const what = 'virsh define reported success, and the definition read back has another boot order';
  return failed(domainFailure('notAchieved', what));
}

/** Carries out a `setBootFlags` action. */
export async function setBootFlags(domain: DomainConnection, bootFlags: BootFlags): Promise<Result<unknown>> {
  // Settled first, because `virsh define` would make a transient domain persistent, and because a one-shot
  // override that was used up must not be mistaken for the same one armed again.
  const settled = await settleBootOverride(domain);
  if (!settled.ok) return settled;
  if (settled.value.override === 'noDefinition') {
    const restores = !bootFlags.valid || bootFlags.device === 'noOverride';
    return restores ? succeeded('unchanged') : failed(transient);
  }
  return editDefinition(domain, (functions, xml) => functions.setBootOverride(xml, bootFlags, randomUUID()));
}

function clear(domain: DomainConnection): Promise<Result<unknown>> {
  return editDefinition(domain, (functions, xml) => functions.clearBootOverride(xml));
}

function idOf(override: OverrideSummary | string): string | undefined {
  return typeof override === 'string' ? undefined : override.id;
}

/** Reads the inactive definition's override, and the live one's if it matters: hardly any domain has an override. */
async function findOverride(
  domain: DomainConnection,
): Promise<Result<{ readonly bootFlags?: BootFlags; readonly usedUp: boolean }>> {
  const config = await domain.readOverride('config');
  if (!config.ok) return config;
  const override = config.value;
  if (typeof override === 'string') return succeeded({ usedUp: false });
  const { bootFlags } = override;
  if (!isOneShot(override)) return succeeded({ bootFlags, usedUp: false });
  if (override.phase === 'booting') return succeeded({ bootFlags, usedUp: true });
  const live = await domain.readOverride('live');
  if (!live.ok) return live;
  return succeeded({ bootFlags, usedUp: override.id === idOf(live.value) });
}

/** Carries out a `readBootFlags` action. */
export async function readBootFlags(
  domain: DomainConnection,
): Promise<Result<Pick<DomainFacts, 'bootFlags' | 'bootOverrideIsUsedUp'>>> {
  const found = await findOverride(domain);
  if (!found.ok) return found;
  const { bootFlags, usedUp } = found.value;
  if (usedUp) return succeeded({ bootOverrideIsUsedUp: true });
  return succeeded(bootFlags === undefined ? {} : { bootFlags });
}

/** Carries out a `recoverBootOverride` action. */
export async function recoverBootOverride(
  domain: DomainConnection,
): Promise<Result<Pick<DomainFacts, 'bootFlags' | 'bootOverrideConsumed'>>> {
  const found = await findOverride(domain);
  if (!found.ok) return found;
  const { bootFlags, usedUp } = found.value;
  if (!usedUp) return succeeded(bootFlags === undefined ? {} : { bootFlags });
  const cleared = await clear(domain);
  return cleared.ok ? succeeded({ bootOverrideConsumed: true }) : cleared;
}

export interface BootOverrideState {
  /** The inactive definition's override, after a used up one has been cleared. */
  readonly override: OverrideSummary | 'none' | 'noDefinition';
  /** The running process was started with another override than the definition has now, or without one. */
  readonly bootOrderPending: boolean;
  /** A one-shot override had been used up, and has been cleared now. */
  readonly cleared: boolean;
}

/**
 * Clears a one-shot override that a boot has used up: one that the running domain was started with (by an operator, or
 * by a worker that died before it could clear it), or one whose start was under way when a worker died. An override
 * applies at most once, so it is cleared in case of doubt. To be called before a start or another override; reads both
 * definitions at once.
 */
export async function settleBootOverride(domain: DomainConnection): Promise<Result<BootOverrideState>> {
  const [config, live] = await Promise.all([domain.readOverride('config'), domain.readOverride('live')]);
  if (!config.ok) return config;
  if (!live.ok) return live;
  const { value: override } = config;
  const liveId = idOf(live.value);
  const state = (now: BootOverrideState['override'], cleared = false): Result<BootOverrideState> =>
    succeeded({
      override: now,
      cleared,
      bootOrderPending: live.value !== 'noDefinition' && now !== 'noDefinition' && liveId !== idOf(now),
    });
  if (typeof override === 'string' || !isOneShot(override)) return state(override);
  if (override.id !== liveId && override.phase === 'armed') return state(override);
  const edited = await clear(domain);
  return edited.ok ? state('none', true) : edited;
}

/** Before a start: records in the definition that a one-shot override is about to be used up. */
export async function announceBoot(
  domain: DomainConnection,
  override: OverrideSummary | string,
): Promise<Result<unknown>> {
  if (typeof override === 'string' || !isOneShot(override)) return succeeded(undefined);
  return editDefinition(domain, (functions, xml) => functions.setOverridePhase(xml, 'booting'));
}

/**
 * After a start: clears a one-shot override that the domain was started with. An override that it was not
 * started with (libvirt resumed a managed save image, or the start failed) is armed again.
 *
 * @returns whether the override was used up.
 */
export async function concludeBoot(
  domain: DomainConnection,
  override: OverrideSummary | string,
): Promise<Result<boolean>> {
  if (typeof override === 'string' || !isOneShot(override)) return succeeded(false);
  const live = await domain.readOverride('live');
  if (!live.ok) return live;
  const usedUp = idOf(live.value) === override.id;
  const edited = usedUp
    ? await clear(domain)
    : await editDefinition(domain, (functions, xml) => functions.setOverridePhase(xml, 'armed'));
  return edited.ok ? succeeded(usedUp) : edited;
}
