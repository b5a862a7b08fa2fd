import { getSystemRestartCause, restartCause } from '@vbmc/ipmi-codec';
import type { StartCause } from '../../../terms/log-fact.ts';
import { respond } from '../../../terms/result.ts';
import { afterAnswer, defineHandler } from '../handler.ts';

const causes: Readonly<Record<StartCause, number>> = {
  unknown: restartCause.unknown,
  command: restartCause.chassisControl,
  policyAlwaysOn: restartCause.alwaysRestore,
  policyPreviousState: restartCause.restorePreviousState,
  other: restartCause.powerUp,
  guestReset: restartCause.softReset,
  watchdog: restartCause.watchdog,
};

const LAN_CHANNEL = 1;
const NO_CHANNEL = 0;

export const getSystemRestartCauseHandler = defineHandler({
  command: getSystemRestartCause,
  privilege: 'user',
  handle: () =>
    afterAnswer({ kind: 'readDomainRun' }, ({ startCause }) =>
      respond({
        cause: causes[startCause],
        channel: startCause === 'command' ? LAN_CHANNEL : NO_CHANNEL,
      }),
    ),
});
