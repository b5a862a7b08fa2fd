import {
  type ChassisCapabilities,
  type ChassisControlRequest,
  type ChassisStatus,
  type NoData,
  type PowerRestorePolicySupport,
  type SetPowerRestorePolicyRequest,
  BMC_SLAVE_ADDRESS,
} from '@vbmc/ipmi-codec';
import type { BmcDevice } from '../domain/bmc-device.ts';
import { isPoweredOn } from '../domain/power-state.ts';
import type { DomainState } from '../terms/domain-action.ts';
import { completionCodeOfFailure } from '../terms/domain-failure.ts';
import { refuse, respond, type ImmediateResult } from '../terms/result.ts';
import type { Handler } from './handler.ts';

/** Address 0: unspecified, as there are no FRU, SDR and SEL devices. */
const UNSPECIFIED = 0;

export const handleGetChassisCapabilities: Handler<NoData, ChassisCapabilities> = () =>
  respond({
    providesDiagnosticInterrupt: true,
    fruDeviceAddress: UNSPECIFIED,
    sdrDeviceAddress: UNSPECIFIED,
    selDeviceAddress: UNSPECIFIED,
    systemManagementDeviceAddress: BMC_SLAVE_ADDRESS,
  });

function statusOf(device: BmcDevice, state: DomainState): ImmediateResult<ChassisStatus> {
  return respond({
    powerOn: isPoweredOn[state],
    powerRestorePolicy: device.powerRestorePolicy,
    lastPowerOnByCommand: device.lastPowerOnByCommand,
  });
}

/** From memory while the domain is watched: power polling is what a BMC does all day. */
export const handleGetChassisStatus: Handler<NoData, ChassisStatus> = (_, { device, now }) => {
  const remembered = device.domain.recall(now);
  if (remembered !== undefined) return statusOf(device, remembered.state);
  return {
    kind: 'domainAction',
    action: { kind: 'readDomainState' },
    conclude: (outcome) => {
      if (!outcome.ok) return refuse(completionCodeOfFailure[outcome.failure.kind]);
      if (outcome.facts.domainState === undefined) return refuse('unspecifiedError');
      return statusOf(device, outcome.facts.domainState);
    },
  };
};

/** Answered when it is stored: what a reply says has to outlive this process. */
export const handleSetPowerRestorePolicy: Handler<
  SetPowerRestorePolicyRequest,
  PowerRestorePolicySupport
> = ({ policy }) => {
  const support = respond({ alwaysOff: true, previousState: true, alwaysOn: true });
  if (policy === 'noChange') return support;
  return {
    kind: 'domainAction',
    action: { kind: 'storePowerRestorePolicy', policy },
    conclude: (outcome) => (outcome.ok ? support : refuse(completionCodeOfFailure[outcome.failure.kind])),
  };
};

export const handleChassisControl: Handler<ChassisControlRequest, NoData> = ({ chassisControl }) => ({
  kind: 'domainAction',
  action: { kind: 'chassisControl', chassisControl },
  conclude: (outcome) =>
    outcome.ok ? respond(undefined) : refuse(completionCodeOfFailure[outcome.failure.kind]),
});
