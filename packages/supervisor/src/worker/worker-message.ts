/**
 * Reads what a worker sends. A worker is the process that unauthenticated packets reach, so an attacker may have taken it
 * over. The tables of `@vbmc/bmc-worker/ipc` say which fields a message has; only these are taken over, and only with values
 * of their kind. Pure.
 */
import { printable } from '../text/printable.ts';
import { isRecord } from '../text/records.ts';
import {
  workerMessageFields,
  type FieldKind,
  type FieldRule,
  type Fields,
  type WorkerMessage,
} from '@vbmc/bmc-worker/ipc';

/** Of a list, more than any worker sends: 256 events are sent together, and a BMC has 63 sessions. */
export const MAXIMUM_LIST_LENGTH = 512;
/** Of a name or an address, which have some 70 characters at most. */
export const MAXIMUM_SHORT_TEXT = 256;
/** Of a sentence. A worker cuts what it quotes of `virsh`. */
export const MAXIMUM_TEXT = 4_096;
/** As much of a sentence as is kept. */
const SHOWN_TEXT = 700;
/** In milliseconds: a hundred years. */
const MAXIMUM_DURATION_MS = 3.2e12;

/** Why a message is refused. */
export class Refused {
  /** The field, as `events.0.user`, and what is wrong with it. */
  readonly why: string;

  constructor(path: string, value: unknown) {
    this.why = `${path === '' ? 'the message' : printable(path, 80)} is ${describe(value)}`;
  }
}

/** What each kind of field takes; `undefined` for any other value, which no JSON has. */
const readKind: Readonly<Record<FieldKind, (value: unknown) => unknown>> = {
  count: (value) => wholeUpTo(Number.MAX_SAFE_INTEGER, value),
  milliseconds: (value) =>
    typeof value === 'number' && value >= 0 && value <= MAXIMUM_DURATION_MS ? value : undefined,
  octet: (value) => wholeUpTo(0xff, value),
  port: (value) => wholeUpTo(0xffff, value),
  shortText: (value) => textUpTo(MAXIMUM_SHORT_TEXT, value),
  text: (value) => textUpTo(MAXIMUM_TEXT, value),
  flag: (value) => (value === true ? true : undefined),
};

/** The message, made of checked values: its texts are printable and have one line. */
export function readWorkerMessage(value: unknown): WorkerMessage | Refused {
  return readOneOf(workerMessageFields, 'type', value, '') as WorkerMessage | Refused;
}

/** A record of one of the kinds in `table`; the field `tag` names its kind. */
function readOneOf(
  table: Readonly<Record<string, Fields>>,
  tag: string,
  value: unknown,
  path: string,
): unknown {
  if (!isRecord(value)) return new Refused(path, value);
  const kind = value[tag];
  const fields = typeof kind === 'string' && Object.hasOwn(table, kind) ? table[kind] : undefined;
  if (fields === undefined) return new Refused(within(path, tag), kind);
  const record = readRecord(value, fields, within(path, String(kind)));
  return record instanceof Refused ? record : { [tag]: kind, ...record };
}

function readRecord(value: unknown, fields: Fields, path: string): Record<string, unknown> | Refused {
  if (!isRecord(value)) return new Refused(path, value);
  const record: Record<string, unknown> = {};
  for (const [name, rule] of Object.entries(fields)) {
    const given = Object.hasOwn(value, name) ? value[name] : undefined;
    const read = readField(given, rule, within(path, name));
    if (read instanceof Refused) return read;
    if (read !== undefined) record[name] = read;
  }
  return record;
}

function readField(value: unknown, rule: FieldRule, path: string): unknown {
  if (typeof rule === 'string') return readKind[rule](value) ?? new Refused(path, value);
  if ('oneOf' in rule) return rule.oneOf.includes(value as string) ? value : new Refused(path, value);
  if ('optional' in rule) return value === undefined ? undefined : readField(value, rule.optional, path);
  if ('nullable' in rule) return value === null ? null : readField(value, rule.nullable, path);
  if ('record' in rule) return readRecord(value, rule.record, path);
  return 'listOf' in rule
    ? readList(value, path, (one, at) => readRecord(one, rule.listOf, at))
    : readList(value, path, (one, at) => readOneOf(rule.listOfKinds, 'kind', one, at));
}

function readList(
  value: unknown,
  path: string,
  readOne: (one: unknown, path: string) => unknown,
): readonly unknown[] | Refused {
  if (!Array.isArray(value) || value.length > MAXIMUM_LIST_LENGTH) return new Refused(path, value);
  const list: unknown[] = [];
  for (const [index, one] of value.entries()) {
    const read = readOne(one, within(path, String(index)));
    if (read instanceof Refused) return read;
    list.push(read);
  }
  return list;
}

function within(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

function wholeUpTo(most: number, value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most
    ? value
    : undefined;
}

function textUpTo(longest: number, value: unknown): string | undefined {
  return typeof value === 'string' && value.length <= longest ? printable(value, SHOWN_TEXT) : undefined;
}

/** In a few words: a value may be as large as a line, and nested as deep. */
function describe(value: unknown): string {
  if (value === undefined) return 'missing';
  if (typeof value === 'string') return `"${printable(value, 40)}"`;
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return typeof value === 'object' && value !== null ? 'an object' : JSON.stringify(value);
}
