/** What a worker asks of the supervisor for commands about the device. Each is answered with `deviceAnswered`. */
import type { Fields } from '../core/terms/record-fields.ts';
import { slotPrivileges } from '../core/terms/user-change.ts';
import { watchdogActions, watchdogUses } from '../core/terms/watchdog.ts';

const yesOrNo = ['yes', 'no'] as const;

export const deviceRequestFields = {
  /** Switch the identify lamp; `seconds`: for how long, where it is `timed`. Confirm with `deviceAnswered`. */
  identify: {
    requestId: 'count',
    lamp: { oneOf: ['off', 'on', 'timed'] },
    seconds: { optional: 'octet' },
    /** Who has asked for it. */
    user: 'shortText',
    source: 'shortText',
  },
  /** Tell what the domain watch knows for the sensors, with `deviceAnswered`. */
  readSensors: { requestId: 'count' },
  /** Tell what the host's network is for this BMC, with `deviceAnswered`. */
  readLan: { requestId: 'count' },
  /** Change what a user id has, for this client. Confirm with `deviceAnswered`, after `updateUsers`. */
  userChange: {
    requestId: 'count',
    slot: 'octet',
    user: 'shortText',
    source: 'shortText',
    /** Hex digits. */
    name: { optional: 'shortText' },
    password: { optional: 'shortText' },
    passwordSize: { optional: { oneOf: ['16', '20'] } },
    isEnabled: { optional: { oneOf: yesOrNo } },
    ipmiMessaging: { optional: { oneOf: yesOrNo } },
    linkAuthentication: { optional: { oneOf: yesOrNo } },
    privilegeLimit: { optional: { oneOf: slotPrivileges } },
    mayUseSol: { optional: { oneOf: yesOrNo } },
  },
  /** Set the watchdog timer. Confirm with `deviceAnswered`. */
  watchdogSet: {
    requestId: 'count',
    use: { oneOf: watchdogUses },
    action: { oneOf: watchdogActions },
    dontLog: { optional: 'flag' },
    dontStop: { optional: 'flag' },
    nmiSeconds: { optional: 'octet' },
    /** In units of 100 ms. */
    initialCountdown: 'count',
    clearFlags: 'octet',
  },
  /** Start its countdown, or start it over; tell how it stands. */
  watchdogStart: { requestId: 'count' },
  watchdogRead: { requestId: 'count' },
  /**
   * Of the event log, which the supervisor keeps. `known`: the version that the worker has, of which it needs no entries.
   */
  readEventLog: { requestId: 'count', known: { optional: 'count' } },
  /** `record`: 32 hex digits. */
  addLogRecord: { requestId: 'count', record: 'shortText' },
  /** One of `id` and `end` is present. `removals`: how often entries had gone when the client reserved the log. */
  deleteLogEntry: {
    requestId: 'count',
    removals: 'count',
    id: { optional: 'count' },
    end: { optional: { oneOf: ['first', 'last'] } },
  },
  clearEventLog: { requestId: 'count', removals: 'count' },
  /** In seconds since 1970. */
  setLogTime: { requestId: 'count', time: 'count' },
  /** For how long the domain has run, and why it was started. */
  readDomainRun: { requestId: 'count' },
} as const satisfies Readonly<Record<string, Fields>>;

export const deviceRequestTypes = [
  'identify',
  'readSensors',
  'readLan',
  'userChange',
  'watchdogSet',
  'watchdogStart',
  'watchdogRead',
  'readEventLog',
  'addLogRecord',
  'deleteLogEntry',
  'clearEventLog',
  'setLogTime',
  'readDomainRun',
] as const satisfies readonly (keyof typeof deviceRequestFields)[];
