/** All that the supervisor knows of a worker: the messages between them, and the tables that describe the messages. */
export type * from './protocol.ts';
export { softShutdownModes, workerMessageFields } from './protocol.ts';
export {
  bmcEventFields,
  unauthenticatedEventKinds,
  type CloseCause,
  type UnauthenticatedEvent,
} from '../core/terms/bmc-event.ts';
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
export { domainFailureKinds, domainStates, powerRestorePolicies } from '../core/terms/domain-action.ts';
export { privileges } from '../core/terms/privileges.ts';
export type { FieldKind, FieldRule, Fields } from '../core/terms/record-fields.ts';
