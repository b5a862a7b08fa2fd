/** The starts that BMCs owe, as a text in a file. Pure. */
import { isUuid } from '@vbmc/bmc-worker/ipc';
import { parseState, renderState } from '../state-directory/state-text.ts';
import { isRecord } from '../text/records.ts';

export interface OwedStartRecord {
  /** What was asked for (`power cycle`), by which user, from where. */
  readonly description: string;
  readonly user: string;
  readonly source: string;
  /** The domain's. */
  readonly uuid: string;
  /** When the change began: ISO 8601 in UTC. */
  readonly at: string;
  /**
   * Whether libvirt has been asked to destroy the domain. vbmcd writes this when it can, after the `destroy` has begun: a record
   * of an earlier vbmcd may lack it.
   */
  readonly destroys?: true;
  /** Why vbmcd does not start the domain any more; absent while it may. */
  readonly reason?: string;
  /** The id of a boot override that was announced for the start, and that no start has used. */
  readonly unusedOverride?: string;
}

/** Of each BMC at most one, by its name. */
export type OwedStartRecords = ReadonlyMap<string, OwedStartRecord>;

export function renderOwedStarts(records: OwedStartRecords): string {
  return renderState({}, records);
}

/** Reads the text of a file; `undefined` if it holds no such records. */
export function parseOwedStarts(text: string): OwedStartRecords | undefined {
  const state = parseState(text);
  if (state === undefined) return undefined;
  const records = new Map<string, OwedStartRecord>();
  for (const [name, entry] of state.bmcs) {
    if (!isOwedStart(entry)) return undefined;
    const { description, user, source, uuid, at, destroys, reason, unusedOverride } = entry;
    records.set(name, {
      ...{ description, user, source, uuid, at },
      ...(destroys === true && { destroys }),
      ...(reason !== undefined && { reason }),
      ...(unusedOverride !== undefined && { unusedOverride }),
    });
  }
  return records;
}

function isOwedStart(value: unknown): value is OwedStartRecord {
  if (!isRecord(value)) return false;
  const { uuid, at, reason, unusedOverride } = value;
  return (
    ['description', 'user', 'source'].every((name) => typeof value[name] === 'string') &&
    typeof uuid === 'string' &&
    isUuid(uuid) &&
    typeof at === 'string' &&
    /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(at) &&
    [reason, unusedOverride].every((text) => text === undefined || typeof text === 'string')
  );
}
