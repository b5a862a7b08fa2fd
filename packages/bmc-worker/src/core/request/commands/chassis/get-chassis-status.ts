import { getChassisStatus, type ChassisStatus } from '@vbmc/ipmi-codec';
import type { BmcDevice } from '../../../domain/bmc-device.ts';
import { hasDriveFault, isPoweredOn } from '../../../domain/power-state.ts';
import type { DomainState } from '../../../terms/domain-action.ts';
import { refuse, respond, type ImmediateResult } from '../../../terms/result.ts';
import { afterDomainAction, defineHandler } from '../handler.ts';

/** Of the lamp, in the specification's words. */
const identifyState = { off: 'off', timed: 'timed', on: 'indefinite' } as const;

/** No button can be disabled, because a virtual machine has none. */
const NO_BUTTONS = 0;

function statusOf(device: BmcDevice, state: DomainState, now: number): ImmediateResult<ChassisStatus> {
  // A fencing agent that read "off" would take for stopped what runs on another host.
  if (state === 'migratedAway') return refuse('notSupportedInPresentState');
  return respond({
    powerOn: isPoweredOn[state],
    powerRestorePolicy: device.powerRestorePolicy,
    powerControlFault: device.powerControlFault.isSet,
    lastPowerOnByCommand: device.lastPowerOn.byCommand,
    driveFault: hasDriveFault(state),
    identify: identifyState[device.identify.stateAt(now)],
    frontPanelButtons: NO_BUTTONS,
  });
}

/** Answered from memory while the domain is watched: clients poll the power state all day. */
export const getChassisStatusHandler = defineHandler({
  command: getChassisStatus,
  privilege: 'user',
  handle: (_, { device }, { now }) => {
    const remembered = device.domain.recall(now);
    if (remembered !== undefined) return statusOf(device, remembered.state, now);
    return afterDomainAction({ kind: 'readDomainState' }, ({ domainState }) =>
      domainState === undefined ? refuse('unspecifiedError') : statusOf(device, domainState, now),
    );
  },
});
