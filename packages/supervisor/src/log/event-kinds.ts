/** Every kind of event. A line of the log that has a kind is kept for `vbmc events`. Pure. */
import { bmcEventFields, type BmcEvent } from '@vbmc/bmc-worker/ipc';

/** What vbmcd itself reports, by what it is about. All other kinds are of events that workers report. */
const ownKinds = [
  // Sessions and logins.
  ...['sessionEndedByOperator', 'guessingSeen'],
  // Users made by IPMI.
  ...['userChangedByIpmi', 'userChangesRefused', 'usersReset'],
  // Workers.
  ...['bmcReady', 'bindFailed', 'addressNotBound', 'workerEnded', 'heartbeatMissed', 'memoryExceeded'],
  ...['workerStarved', 'workerOverdue', 'workerNotEnding', 'workersLeft', 'channelViolation'],
  // What clients have set, and event logs.
  ...['identifyLamp', 'watchdogActionRetried', 'watchdogActionGivenUp', 'eventLogRecordsLeftOut'],
  // Host names.
  ...['hostNameResolved', 'hostNameUnresolved'],
  // vbmcd and its inventory.
  ...[
    'daemonStarted',
    'reloaded',
    'reloadRejected',
    'virtualBmcFileRefused',
    'bmcsMissing',
    'internalError',
    'dutyNeglected',
  ],
  // libvirt.
  ...['domainWatchTrusted', 'domainWatchLost', 'domainWatchPartial', 'domainWatchWhole'],
  ...['keptConnectionStands', 'keptConnectionLost'],
  ...['domainUnanswered', 'domainAnswersAgain', 'domainAskedAgain', 'defineUnanswered', 'defineAnswered'],
  // Unfinished power cycles, and power restore policies.
  ...['changeCut', 'powerRestoreCut', 'powerRestoreLeftOff'],
  // The state directory.
  ...['stateStored', 'stateNotStored', 'stateUnreadable'],
  ...['stateDirectoryUsable', 'stateDirectoryUnusable', 'stateDirectoryNotLocked'],
  // Shortages and losses of the machine.
  ...[
    'programNotStarted',
    'programsStart',
    'logUnwritable',
    'logLinesDropped',
    'linesLeftOut',
    'notifyFailed',
  ],
  ...['runDirectoryLost', 'runDirectoryRestored', 'controlSocketLost', 'controlSocketRestored'],
  'controlConnectionsFull',
] as const;

export type EventKind = BmcEvent['kind'] | (typeof ownKinds)[number];

export const eventKinds: readonly string[] = [...Object.keys(bmcEventFields), ...ownKinds];
