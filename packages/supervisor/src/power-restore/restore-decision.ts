/** Which domains are powered up after the host has booted: the stored record and the decisions from it. Pure. */
import { parseState, renderState } from '../state-directory/state-text.ts';
import { isRecord } from '../text/records.ts';
import { powerRestorePolicies, type DomainState, type PowerRestorePolicy } from '@vbmc/bmc-worker/ipc';

export interface RestoreEntry {
  readonly policy: PowerRestorePolicy;
  /** Whether the domain was on when it was last seen. Maintained for `previousState` only. */
  readonly wasOn: boolean;
  /** To be powered up when it is next seen, unless it is on then. */
  readonly pending: boolean;
  /** Whether the domain was migrated to another host, and has not been on here since. libvirt forgets that with its daemon. */
  readonly migratedAway: boolean;
}

export interface RestoreRecord {
  /** The host's boot during which this was written. */
  readonly bootId: string | undefined;
  /** By the BMC's name. A BMC without an entry has the default. */
  readonly bmcs: ReadonlyMap<string, RestoreEntry>;
}

export const noRecord: RestoreRecord = { bootId: undefined, bmcs: new Map() };

/** vbmcd does not touch the domain's power. */
export const defaultEntry: RestoreEntry = {
  policy: 'alwaysOff',
  wasOn: false,
  pending: false,
  migratedAway: false,
};

/** A machine that is shutting down (`inShutdown`) counts as off: it must not be powered up again. */
const off: ReadonlySet<DomainState> = new Set(['noState', 'inShutdown', 'shutOff', 'migratedAway']);

export function isOn(domainState: DomainState): boolean {
  return !off.has(domainState);
}

/** Whether the host has booted since. Without a record the earlier states are unknown: the first start does not count as a boot. */
export function isNewBoot(record: RestoreRecord, bootId: string | undefined): boolean {
  return bootId !== undefined && record.bootId !== undefined && record.bootId !== bootId;
}

/** Whether the policy wants the domain on after a boot of the host. */
function wantsOn({ policy, wasOn }: RestoreEntry): boolean {
  return policy === 'alwaysOn' || (policy === 'previousState' && wasOn);
}

/** Whether the policy wants the domain on, and it would be a second copy of one that most likely runs on another host. */
export function wouldBeSecondCopy(entry: RestoreEntry): boolean {
  return entry.migratedAway && wantsOn(entry);
}

/** Records the host's boot. If it is a new one, the domains that were on or must be on become pending. */
export function atStart(record: RestoreRecord, bootId: string | undefined): RestoreRecord {
  if (!isNewBoot(record, bootId)) return { ...record, bootId: bootId ?? record.bootId };
  const bmcs = [...record.bmcs].map(
    ([name, entry]) => [name, { ...entry, pending: wantsOn(entry) && !entry.migratedAway }] as const,
  );
  return { bootId, bmcs: new Map(bmcs) };
}

/** Decides what to do when a domain is seen in a state, and returns its new entry. It stays pending until it is on. */
export function whenSeen(
  entry: RestoreEntry,
  domainState: DomainState,
): { readonly powerUp: boolean; readonly entry: RestoreEntry } {
  const migratedAway = domainState === 'migratedAway' || (entry.migratedAway && !isOn(domainState));
  const powerUp = entry.pending && !isOn(domainState) && !migratedAway;
  const wasOn = entry.policy === 'previousState' && (powerUp || isOn(domainState));
  return { powerUp, entry: { ...entry, wasOn, pending: powerUp, migratedAway } };
}

/** The entry under a new policy. `seen`: the state in which the domain was last seen. */
export function withPolicy(
  entry: RestoreEntry,
  policy: PowerRestorePolicy,
  seen: DomainState | undefined,
): RestoreEntry {
  const wasOn = policy === 'previousState' && seen !== undefined && isOn(seen);
  return { ...entry, policy, wasOn, pending: entry.pending && policy !== 'alwaysOff' };
}

export function sameEntry(a: RestoreEntry, b: RestoreEntry): boolean {
  return (
    a.policy === b.policy &&
    a.wasOn === b.wasOn &&
    a.pending === b.pending &&
    a.migratedAway === b.migratedAway
  );
}

/** A boot id in the kernel's form; systemd writes it without the `-`. `undefined`: there is none. */
export function parseBootId(text: string): string | undefined {
  const id = text.trim();
  if (id === '') return undefined;
  return id.replace(/^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/, '$1-$2-$3-$4-$5');
}

/** The record as the text of a file. */
export function renderRecord({ bootId, bmcs }: RestoreRecord): string {
  return renderState({ bootId }, bmcs);
}

/** Reads the text of a file; `undefined` if it is no record. */
export function parseRecord(text: string): RestoreRecord | undefined {
  const state = parseState(text);
  if (state === undefined) return undefined;
  const { bootId } = state.fields;
  if (bootId !== undefined && typeof bootId !== 'string') return undefined;
  const bmcs = new Map<string, RestoreEntry>();
  for (const [name, entry] of state.bmcs) {
    if (!isEntry(entry)) return undefined;
    const { policy, wasOn, pending, migratedAway = false } = entry;
    bmcs.set(name, { policy, wasOn, pending, migratedAway });
  }
  return { bootId, bmcs };
}

/** An earlier vbmcd did not store `migratedAway`. */
type StoredEntry = Omit<RestoreEntry, 'migratedAway'> & { readonly migratedAway?: boolean };

function isEntry(value: unknown): value is StoredEntry {
  return (
    isRecord(value) &&
    powerRestorePolicies.some((policy) => policy === value['policy']) &&
    typeof value['wasOn'] === 'boolean' &&
    typeof value['pending'] === 'boolean' &&
    ['boolean', 'undefined'].includes(typeof value['migratedAway'])
  );
}
