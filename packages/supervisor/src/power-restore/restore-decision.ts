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
}

export interface RestoreRecord {
  /** The host's boot during which this was written. */
  readonly bootId: string | undefined;
  /** By the BMC's name. A BMC without an entry has the default. */
  readonly bmcs: ReadonlyMap<string, RestoreEntry>;
}

export const noRecord: RestoreRecord = { bootId: undefined, bmcs: new Map() };

/** vbmcd does not touch the domain's power. */
export const defaultEntry: RestoreEntry = { policy: 'alwaysOff', wasOn: false, pending: false };

/** A machine that is shutting down (`inShutdown`) counts as off: it must not be powered up again. */
const off: ReadonlySet<DomainState> = new Set(['noState', 'inShutdown', 'shutOff', 'migratedAway']);

export function isOn(domainState: DomainState): boolean {
  return !off.has(domainState);
}

/** Records the host's boot. If it is a new one, the domains that were on or must be on become pending. */
export function atStart(record: RestoreRecord, bootId: string | undefined): RestoreRecord {
  if (bootId === undefined || record.bootId === bootId) return record;
  // Without a record the earlier states are unknown: the first start does not count as a boot.
  if (record.bootId === undefined) return { ...record, bootId };
  const bmcs = [...record.bmcs].map(
    ([name, entry]) =>
      [
        name,
        {
          ...entry,
          pending: entry.policy === 'alwaysOn' || (entry.policy === 'previousState' && entry.wasOn),
        },
      ] as const,
  );
  return { bootId, bmcs: new Map(bmcs) };
}

/** Decides what to do when a domain is seen in a state, and returns its new entry. It stays pending until it is on. */
export function whenSeen(
  entry: RestoreEntry,
  domainState: DomainState,
): { readonly powerUp: boolean; readonly entry: RestoreEntry } {
  const powerUp = entry.pending && !isOn(domainState);
  const wasOn = entry.policy === 'previousState' && (powerUp || isOn(domainState));
  return { powerUp, entry: { ...entry, wasOn, pending: powerUp } };
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
  return a.policy === b.policy && a.wasOn === b.wasOn && a.pending === b.pending;
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
    bmcs.set(name, { policy: entry.policy, wasOn: entry.wasOn, pending: entry.pending });
  }
  return { bootId, bmcs };
}

function isEntry(value: unknown): value is RestoreEntry {
  return (
    isRecord(value) &&
    powerRestorePolicies.some((policy) => policy === value['policy']) &&
    typeof value['wasOn'] === 'boolean' &&
    typeof value['pending'] === 'boolean'
  );
}
