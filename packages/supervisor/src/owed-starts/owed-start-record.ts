/** The starts that BMCs owe, as a text in a file. Pure. */
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
  /** Why vbmcd does not start the domain any more; absent while it may. */
  readonly reason?: string;
}

/** Of each BMC at most one, by its name. */
export type OwedStartRecords = ReadonlyMap<string, OwedStartRecord>;

const uuidPattern = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

export function isUuid(text: string): boolean {
  return uuidPattern.test(text);
}

export function renderOwedStarts(records: OwedStartRecords): string {
  return `${JSON.stringify({ version: 1, bmcs: Object.fromEntries(records) }, null, 2)}\n`;
}

/** Reads the text of a file; `undefined` if it holds no such records. */
export function parseOwedStarts(text: string): OwedStartRecords | undefined {
  let record: unknown;
  try {
    record = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(record) || record['version'] !== 1 || !isRecord(record['bmcs'])) return undefined;
  const records = new Map<string, OwedStartRecord>();
  for (const [name, entry] of Object.entries(record['bmcs'])) {
    if (!isOwedStart(entry)) return undefined;
    const { description, user, source, uuid, at, reason } = entry;
    records.set(name, { description, user, source, uuid, at, ...(reason !== undefined && { reason }) });
  }
  return records;
}

function isOwedStart(value: unknown): value is OwedStartRecord {
  if (!isRecord(value)) return false;
  const { uuid, at, reason } = value;
  return (
    ['description', 'user', 'source'].every((name) => typeof value[name] === 'string') &&
    typeof uuid === 'string' &&
    isUuid(uuid) &&
    typeof at === 'string' &&
    /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(at) &&
    (reason === undefined || typeof reason === 'string')
  );
}
