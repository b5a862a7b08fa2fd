/**
 * The text of an event log on disk: a journal of lines of JSON. The first names the version; each of the others adds an entry, removes
 * one, or replaces notes. Pure.
 */
import { logFactFields, type LogEntry, type LogFact, type LoggedPower } from '@vbmc/bmc-worker/ipc';
import { isRecord } from '../text/records.ts';

/** What is stored beside the entries. Times are in seconds since 1970. */
export interface LogNotes {
  /** Of the entry that was added last, though it may be gone. */
  readonly lastId: number;
  /** How far the log's own clock is ahead of the host's, in seconds. */
  readonly clockOffset: number;
  readonly hasOverflowed: boolean;
  /** Whether an entry says that the log is almost full, or has said so since it was last cleared. */
  readonly isAlmostFullTold: boolean;
  readonly lastAddition?: number;
  readonly lastErase?: number;
  /** The power that the domain was last known to have. */
  readonly power?: LoggedPower | undefined;
  /** Whether its guest has panicked since it last booted. */
  readonly hasPanicked?: boolean | undefined;
  /** For how long the domain has been seen on in all. */
  readonly operatingSeconds: number;
}

export const noNotes: LogNotes = {
  lastId: 0,
  clockOffset: 0,
  hasOverflowed: false,
  isAlmostFullTold: false,
  operatingSeconds: 0,
};

export interface Journal {
  readonly entries: readonly LogEntry[];
  readonly notes: LogNotes;
  /** In the text, without the first. */
  readonly lines: number;
  /** How many of them were damaged, and are left out. */
  readonly unreadable: number;
  /** Whether the text ends within a line, which is left out: vbmcd or the host ended while it was written. */
  readonly isTorn: boolean;
}

export const LAST_ID = 0xfffe;
const HEADER = JSON.stringify({ version: 1 });
const LARGEST_TIME = 0xffff_ffff;
const LARGEST_OFFSET = 0x1_0000_0000;
const powers: readonly string[] = logFactFields.power.state.oneOf;

export function entryLine({ id, at, fact }: LogEntry): string {
  return `${JSON.stringify({ id, at, fact })}\n`;
}

export function removalLine(id: number): string {
  return `${JSON.stringify({ removed: id })}\n`;
}

export function notesLine(notes: LogNotes): string {
  return `${JSON.stringify({ notes })}\n`;
}

export function renderJournal(entries: readonly LogEntry[], notes: LogNotes): string {
  return `${HEADER}\n${entries.map(entryLine).join('')}${notesLine(notes)}`;
}

/** `undefined`: the text is none that this version of vbmcd has written. A damaged line costs nothing but itself. */
export function parseJournal(text: string): Journal | undefined {
  const end = text.lastIndexOf('\n') + 1;
  const [header, ...lines] = text.slice(0, end).split('\n').slice(0, -1);
  if (header !== HEADER) return undefined;
  const content: Content = { entries: new Map(), notes: noNotes, facts: new Map() };
  const unreadable = lines.filter((line) => !takeLine(line, content)).length;
  if (unreadable > 0 && unreadable === lines.length) return undefined;
  const { entries, notes } = content;
  return {
    ...{ entries: [...entries.values()], notes, lines: lines.length, unreadable },
    isTorn: end < text.length,
  };
}

interface Content {
  readonly entries: Map<number, LogEntry>;
  notes: LogNotes;
  /** Those met so far. Most entries say the same as others, and share the object. */
  readonly facts: Map<string, LogFact>;
}

/** Whether the line could be understood. */
function takeLine(line: string, content: Content): boolean {
  const value = parseLine(line);
  if (value === undefined) return false;
  const { entries, facts } = content;
  const entry = entryOf(value, facts);
  if (entry !== undefined) {
    // One with the id of an older one comes last.
    entries.delete(entry.id);
    entries.set(entry.id, entry);
    content.notes = notesAfter(content.notes, entry);
    return true;
  }
  if (isWhole(value['removed'], 1, LAST_ID)) {
    entries.delete(value['removed']);
    return true;
  }
  const notes = notesOf(value['notes']);
  if (notes === undefined) return false;
  content.notes = notes;
  return true;
}

/** An entry changes some of them: vbmcd may end before it writes these. */
export function notesAfter(notes: LogNotes, { id, at, fact }: LogEntry): LogNotes {
  const added = { ...notes, lastId: id, lastAddition: at };
  switch (fact.kind) {
    case 'power':
      return { ...added, power: fact.state };
    case 'osStopped':
      return { ...added, hasPanicked: fact.how === 'panic' };
    case 'booted':
      return { ...added, hasPanicked: false };
    default:
      return added;
  }
}

function parseLine(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function entryOf(
  { id, at, fact }: Readonly<Record<string, unknown>>,
  facts: Map<string, LogFact>,
): LogEntry | undefined {
  if (!isWhole(id, 1, LAST_ID) || !isWhole(at, 0, LARGEST_TIME) || !isFact(fact)) return undefined;
  const text = JSON.stringify(fact);
  const shared = facts.get(text) ?? fact;
  facts.set(text, shared);
  return { id, at, fact: shared };
}

/** Whether it is one of the table `logFactFields`, with no field more. */
function isFact(value: unknown): value is LogFact {
  if (!isRecord(value)) return false;
  const { kind, ...fields } = value;
  const table: Readonly<Record<string, Readonly<Record<string, unknown>>>> = logFactFields;
  const rules = typeof kind === 'string' && Object.hasOwn(table, kind) ? table[kind] : undefined;
  if (rules === undefined || Object.keys(fields).some((name) => !Object.hasOwn(rules, name))) return false;
  return Object.entries(rules).every(([name, rule]) => obeys(fields[name], rule));
}

function obeys(value: unknown, rule: unknown): boolean {
  if (rule === 'shortText') return typeof value === 'string' && isRecordHex(value);
  if (!isRecord(rule)) return false;
  if (Array.isArray(rule['oneOf'])) return rule['oneOf'].includes(value);
  return value === undefined || value === true;
}

/** 16 bytes. */
export function isRecordHex(text: string): boolean {
  return /^[\da-f]{32}$/.test(text);
}

function notesOf(value: unknown): LogNotes | undefined {
  if (!isRecord(value)) return undefined;
  const { lastId, clockOffset, hasOverflowed, isAlmostFullTold, operatingSeconds } = value;
  const { lastAddition, lastErase, power, hasPanicked = false } = value;
  const isRight =
    isWhole(lastId, 0, LAST_ID) &&
    isWhole(clockOffset, -LARGEST_OFFSET, LARGEST_OFFSET) &&
    typeof hasOverflowed === 'boolean' &&
    typeof isAlmostFullTold === 'boolean' &&
    isWhole(operatingSeconds, 0, Number.MAX_SAFE_INTEGER) &&
    [lastAddition, lastErase].every((time) => time === undefined || isWhole(time, 0, LARGEST_TIME)) &&
    typeof hasPanicked === 'boolean' &&
    (power === undefined || powers.includes(power as string));
  return isRight ? (value as unknown as LogNotes) : undefined;
}

function isWhole(value: unknown, least: number, most: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;
}
