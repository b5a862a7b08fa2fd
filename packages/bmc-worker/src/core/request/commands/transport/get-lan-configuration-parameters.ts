import { getLanConfigurationParameters, PARAMETER_REVISION } from '@vbmc/ipmi-codec';
import { isLanChannel } from '../../../terms/lan-channel.ts';
import { refuse, respond } from '../../../terms/result.ts';
import { defineHandler } from '../handler.ts';
import { isHeld, settingsOf } from '../settings-of.ts';
import { lanParameters, SET_IN_PROGRESS } from './lan-parameters.ts';
import { afterReadingLan } from './read-lan.ts';

export const getLanConfigurationParametersHandler = defineHandler({
  command: getLanConfigurationParameters,
  privilege: 'operator',
  handle: ({ channelNumber, revisionOnly, parameterSelector }, bmc, { now }) => {
    if (!isLanChannel(channelNumber)) return refuse('invalidDataField');
    const answer = (parameterData: Uint8Array) => respond({ revision: PARAMETER_REVISION, parameterData });
    const parameter = lanParameters.get(parameterSelector);
    if (parameter === undefined && parameterSelector !== SET_IN_PROGRESS)
      return refuse('parameterNotSupported');
    if (revisionOnly) return answer(new Uint8Array(0));
    if (parameter === undefined)
      return answer(Uint8Array.of(isHeld(settingsOf(bmc.device).lanSetBy, bmc.sessions) ? 1 : 0));
    return afterReadingLan(bmc, now, (lan) => answer(parameter(bmc, lan)));
  },
});
