import { acpiDeviceState, acpiSystemState, getAcpiPowerState, type AcpiPowerState } from '@vbmc/ipmi-codec';
import { isPoweredOn } from '../../../domain/power-state.ts';
import type { DomainState } from '../../../terms/domain-action.ts';
import { refuse, respond } from '../../../terms/result.ts';
import { afterDomainAction, defineHandler } from '../handler.ts';

function stateOf(state: DomainState): AcpiPowerState {
  if (state === 'pmsuspended') return { system: acpiSystemState.suspendedToRam, device: acpiDeviceState.off };
  return isPoweredOn[state]
    ? { system: acpiSystemState.working, device: acpiDeviceState.on }
    : { system: acpiSystemState.softOff, device: acpiDeviceState.off };
}

/** From memory while the domain is watched, as Get Chassis Status. */
export const getAcpiPowerStateHandler = defineHandler({
  command: getAcpiPowerState,
  privilege: 'user',
  handle: (_, { device }, { now }) => {
    const remembered = device.domain.recall(now);
    if (remembered !== undefined) return respond(stateOf(remembered.state));
    return afterDomainAction({ kind: 'readDomainState' }, ({ domainState }) =>
      domainState === undefined ? refuse('unspecifiedError') : respond(stateOf(domainState)),
    );
  },
});
