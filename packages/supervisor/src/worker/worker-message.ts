/**
 * The worker is the process that strangers' packets reach, so what it sends is looked at before it is
 * believed. Anything of the wrong shape is `undefined`.
 */
import {
  type BmcEvent,
  type BmcFigures,
  type WorkerMessage,
  domainStates,
  failureKinds,
} from '@vbmc/bmc-worker/ipc';

const virshOutcomes = ['ok', ...failureKinds] as const;

/** The type of a field, `?` where there may be none, or the only values that it may have. */
type FieldRule = 'string' | 'number' | 'number?' | 'object' | readonly (string | undefined)[];
type FieldRules = Readonly<Record<string, FieldRule>>;

const figures: Readonly<Record<keyof BmcFigures, 'number'>> = {
  activeSessions: 'number',
  halfOpenSessions: 'number',
  lockedOutLogins: 'number',
  malformedDatagrams: 'number',
  oversizedDatagrams: 'number',
  rateLimitedDatagrams: 'number',
  notAllowedDatagrams: 'number',
  refusedLogins: 'number',
  lockouts: 'number',
};

const messageFields: Readonly<Record<WorkerMessage['type'], FieldRules>> = {
  ready: { address: 'string', port: 'number' },
  bindFailed: { code: 'string', message: 'string' },
  powerState: {
    requestId: 'number',
    domainState: [undefined, ...domainStates],
    power: [undefined, 'on', 'off'],
    source: [undefined, 'watch', 'virsh'],
  },
  powerRestorePolicy: { requestId: 'number', policy: ['alwaysOff', 'previousState', 'alwaysOn'] },
  events: { events: 'object' },
  usersUpdated: { requestId: 'number', endedSessions: 'number' },
  pong: { requestId: 'number', ...figures },
  description: { requestId: 'number', sessions: 'object', lockedOut: 'object', ...figures },
  virshCall: { verb: 'string', durationMs: 'number', outcome: virshOutcomes },
};

const eventFields: Readonly<Record<BmcEvent['kind'], FieldRules>> = {
  sessionOpened: { source: 'string', user: 'string', cipherSuiteId: 'number?', privilege: 'string' },
  sessionClosed: { source: 'string', user: 'string', cause: ['closed', 'timedOut', 'userChanged'] },
  loginAbandoned: { source: 'string', user: 'string' },
  loginLockedOut: { source: 'string', user: 'string', failures: 'number', lockoutMs: 'number' },
  sessionRefused: { source: 'string', user: 'string', status: 'number?', reason: 'string' },
  domainActionFinished: {
    action: 'string',
    description: 'string',
    user: 'string',
    source: 'string',
    durationMs: 'number',
  },
  domainUnreadable: { failure: 'object' },
  sideFailure: { failure: 'object' },
};

const sessionFields: FieldRules = {
  user: 'string',
  source: 'string',
  privilege: 'string',
  privilegeLimit: 'string',
  cipherSuiteId: 'number?',
  ageMs: 'number',
  idleMs: 'number',
};

const lockedOutFields: FieldRules = {
  user: 'string',
  source: 'string',
  failures: 'number',
  remainingMs: 'number',
};

/** The message, if it is one. */
export function readWorkerMessage(message: unknown): WorkerMessage | undefined {
  if (!isRecord(message)) return undefined;
  const fields = lookUp(messageFields, message['type']);
  if (fields === undefined || !hasFields(message, fields)) return undefined;
  if (message['type'] === 'events' && !areEvents(message['events'])) return undefined;
  if (
    message['type'] === 'description' &&
    !(areAll(message['sessions'], sessionFields) && areAll(message['lockedOut'], lockedOutFields))
  )
    return undefined;
  return message as unknown as WorkerMessage;
}

function areAll(list: unknown, fields: FieldRules): boolean {
  return Array.isArray(list) && list.every((one) => isRecord(one) && hasFields(one, fields));
}

function areEvents(events: unknown): boolean {
  return Array.isArray(events) && events.every(isEvent);
}

function isEvent(event: unknown): boolean {
  if (!isRecord(event)) return false;
  const fields = lookUp(eventFields, event['kind']);
  if (fields === undefined || !hasFields(event, fields)) return false;
  const { failure } = event;
  return (
    failure === undefined || (isRecord(failure) && hasFields(failure, { kind: 'string', message: 'string' }))
  );
}

function lookUp<T>(table: Readonly<Record<string, T>>, key: unknown): T | undefined {
  return typeof key === 'string' && Object.hasOwn(table, key) ? table[key] : undefined;
}

function hasFields(record: Readonly<Record<string, unknown>>, rules: FieldRules): boolean {
  return Object.entries(rules).every(([name, rule]) => {
    const value = record[name];
    if (rule === 'number?') return value === undefined || value === null || typeof value === 'number';
    return typeof rule === 'string'
      ? value !== null && typeof value === rule
      : rule.includes(value as string);
  });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
