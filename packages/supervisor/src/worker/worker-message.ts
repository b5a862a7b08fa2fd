/**
 * Checks what a worker sends. A worker is the process that unauthenticated packets reach, so an attacker may have taken
 * it over. The tables of `@vbmc/bmc-worker/ipc` say which fields a message has.
 */
import { isRecord } from '../text/records.ts';
import {
  workerMessageFields,
  type FieldKind,
  type FieldRule,
  type Fields,
  type WorkerMessage,
} from '@vbmc/bmc-worker/ipc';

/** What a value has to be, for each kind of field. */
const isOfKind: Readonly<Record<FieldKind, (value: unknown) => boolean>> = {
  count: (value) => isWhole(value, Number.MAX_SAFE_INTEGER),
  milliseconds: (value) => typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER,
  octet: (value) => isWhole(value, 0xff),
  port: (value) => isWhole(value, 0xffff),
  shortText: (value) => typeof value === 'string',
  text: (value) => typeof value === 'string',
  flag: (value) => value === true,
};

/** The message, or `undefined` when it has not the fields of its type. */
export function readWorkerMessage(message: unknown): WorkerMessage | undefined {
  return isOneOf(workerMessageFields, 'type', message) ? (message as WorkerMessage) : undefined;
}

/** Whether `value` is a record of one of the kinds in `table`; the field `tag` names its kind. */
function isOneOf(table: Readonly<Record<string, Fields>>, tag: string, value: unknown): boolean {
  if (!isRecord(value)) return false;
  const kind = value[tag];
  const fields = typeof kind === 'string' && Object.hasOwn(table, kind) ? table[kind] : undefined;
  return fields !== undefined && hasFields(value, fields);
}

function hasFields(value: unknown, fields: Fields): boolean {
  return isRecord(value) && Object.entries(fields).every(([name, rule]) => follows(value[name], rule));
}

function follows(value: unknown, rule: FieldRule): boolean {
  if (typeof rule === 'string') return isOfKind[rule](value);
  if ('oneOf' in rule) return rule.oneOf.includes(value as string);
  if ('optional' in rule) return value === undefined || follows(value, rule.optional);
  if ('nullable' in rule) return value === null || follows(value, rule.nullable);
  if ('record' in rule) return hasFields(value, rule.record);
  if (!Array.isArray(value)) return false;
  return 'listOf' in rule
    ? value.every((one) => hasFields(one, rule.listOf))
    : value.every((one) => isOneOf(rule.listOfKinds, 'kind', one));
}

function isWhole(value: unknown, most: number): boolean {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= most;
}
