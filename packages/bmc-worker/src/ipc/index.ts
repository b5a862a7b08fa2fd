/** All that the supervisor knows of a worker: the messages between them, how they travel, and the tables that describe them. */
export type * from './protocol.ts';
export {
  confirmationTypes,
  selWhenFull,
  softShutdownModes,
  usualEventLog,
  workerMessageFields,
  workerRequestTypes,
} from './protocol.ts';
export { bmcEventFields, type CloseCause } from '../core/terms/bmc-event.ts';
export {
  bmcCounters,
  bmcFigures,
  bmcGauges,
  noCounters,
  noGauges,
  valuesByName,
  type BmcCounter,
  type BmcCounters,
  type BmcGauge,
  type BmcGauges,
} from '../core/terms/bmc-figures.ts';
export { TokenBucket } from '../core/admission/token-bucket.ts';
export { LampTimer } from '../core/terms/lamp-timer.ts';
export { createLineSplitter } from './line-splitter.ts';
export { CHANNEL_FD, MAXIMUM_WORKER_LINE, messageLine, parseLine } from './message-lines.ts';
export { domainFailureKinds, domainStates, powerRestorePolicies } from '../core/terms/domain-action.ts';
export { logFactFields, startCauses, watchdogActions } from '../core/terms/log-fact.ts';
export { passwordSizes, SLOT_COUNT, slotPrivileges } from '../core/terms/user-change.ts';
export { WATCHDOG_TIMER, watchdogUses } from '../core/terms/watchdog.ts';
export { isUuid } from '../core/terms/uuid.ts';
export { privileges } from '../core/terms/privileges.ts';
export type { FieldKind, FieldRule, Fields } from '../core/terms/record-fields.ts';
