import {
  getWatchdogTimer,
  resetWatchdogTimer,
  setWatchdogTimer,
  watchdogActions as actionNumbers,
  watchdogInterrupts,
  watchdogUses as useNumbers,
  type SetWatchdogTimerRequest,
} from '@vbmc/ipmi-codec';
import { isPoweredOn } from '../../../domain/power-state.ts';
import { refuse, respond } from '../../../terms/result.ts';
import { watchdogActions, watchdogUses, type WatchdogSetting } from '../../../terms/watchdog.ts';
import { afterAnswer, defineHandler } from '../handler.ts';

/** Bits 5:1, one for each use. */
const EXPIRATION_FLAGS = 0x3e;
const UNITS_PER_SECOND = 10;

/** Undefined: a reserved value, an interrupt that no guest of this BMC can get, or one that would come before the countdown begins. */
function settingOf(request: SetWatchdogTimerRequest): WatchdogSetting | undefined {
  const { dontLog, dontStop, preTimeoutSeconds, initialCountdown } = request;
  const use = watchdogUses.find((one) => one === useNumbers[request.use]);
  const action = watchdogActions.find((one) => one === actionNumbers[request.action]);
  const interrupt = watchdogInterrupts[request.interrupt];
  if (use === undefined || action === undefined || (interrupt !== 'none' && interrupt !== 'nmi'))
    return undefined;
  const hasNmi = interrupt === 'nmi';
  if (hasNmi && preTimeoutSeconds * UNITS_PER_SECOND > initialCountdown) return undefined;
  return {
    ...{ use, action, dontLog, dontStop, initialCountdown },
    ...(hasNmi && { nmiSeconds: preTimeoutSeconds }),
    clearFlags: request.expirationFlags & EXPIRATION_FLAGS,
  };
}

/** D6h: the inventory does not let the timer act on the domain. */
export const setWatchdogTimerHandler = defineHandler({
  command: setWatchdogTimer,
  privilege: 'operator',
  handle: (request, { watchdog }) => {
    const setting = settingOf(request);
    if (setting === undefined) return refuse('invalidDataField');
    const acts = setting.action !== 'none' || setting.nmiSeconds !== undefined;
    if (acts && !watchdog) return refuse('subFunctionDisabled');
    return afterAnswer({ kind: 'setWatchdog', setting }, () => respond(undefined));
  },
});

/** D5h: the domain is off, and nothing runs that the timer could watch. */
export const resetWatchdogTimerHandler = defineHandler({
  command: resetWatchdogTimer,
  privilege: 'operator',
  handle: (_, { device }, { now }) => {
    const remembered = device.domain.recall(now);
    if (remembered !== undefined && !isPoweredOn[remembered.state])
      return refuse('notSupportedInPresentState');
    return afterAnswer({ kind: 'startWatchdog' }, (wasSet) =>
      wasSet ? respond(undefined) : refuse('watchdogNotSet'),
    );
  },
});

export const getWatchdogTimerHandler = defineHandler({
  command: getWatchdogTimer,
  privilege: 'user',
  handle: () =>
    afterAnswer({ kind: 'readWatchdog' }, ({ use, action, nmiSeconds, ...rest }) =>
      respond({
        ...rest,
        use: useNumbers.indexOf(use),
        interrupt: watchdogInterrupts.indexOf(nmiSeconds === undefined ? 'none' : 'nmi'),
        action: actionNumbers.indexOf(action),
        preTimeoutSeconds: nmiSeconds ?? 0,
      }),
    ),
});
