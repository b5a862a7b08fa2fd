import { setLanConfigurationParameters, type NoData } from '@vbmc/ipmi-codec';
import { isLanChannel } from '../../../terms/lan-channel.ts';
import { refuse, respond, type ImmediateResult } from '../../../terms/result.ts';
import { defineHandler, type Bmc, type RequestContext } from '../handler.ts';
import { isHeld, settingsOf } from '../settings-of.ts';
import { lanParameters, SET_IN_PROGRESS } from './lan-parameters.ts';
import { afterReadingLan } from './read-lan.ts';

const ok = respond(undefined);
const SET_COMPLETE = 0;
const SETTING = 1;
/** There is nothing to commit: what cannot be set has been refused. ipmitool always asks for it. */
const COMMIT_WRITE = 2;

/** ipmitool sets it to 1 and reads it until it is 1, before it sets anything. */
function setInProgress(
  data: Uint8Array,
  { device, sessions }: Bmc,
  { session }: RequestContext,
): ImmediateResult<NoData> {
  const settings = settingsOf(device);
  if (data.length !== 1) return refuse('requestDataLengthInvalid');
  const [state] = data;
  if (state === SETTING) {
    const isOthers = settings.lanSetBy !== session?.managedSystemSessionId;
    if (isOthers && isHeld(settings.lanSetBy, sessions)) return refuse('setInProgressConflict');
    settings.lanSetBy = session?.managedSystemSessionId;
    return ok;
  }
  if (state === SET_COMPLETE) settings.lanSetBy = undefined;
  else if (state !== COMMIT_WRITE) return refuse('invalidDataField');
  return ok;
}

/** The network is the host's, and the rest is the inventory's: a client may set only what is so already. */
export const setLanConfigurationParametersHandler = defineHandler({
  command: setLanConfigurationParameters,
  privilege: 'administrator',
  handle: ({ channelNumber, parameterSelector, parameterData }, bmc, context) => {
    if (!isLanChannel(channelNumber)) return refuse('invalidDataField');
    if (parameterSelector === SET_IN_PROGRESS) return setInProgress(parameterData, bmc, context);
    const parameter = lanParameters.get(parameterSelector);
    if (parameter === undefined) return refuse('parameterNotSupported');
    const wanted = Uint8Array.from(parameterData).join();
    return afterReadingLan(bmc, context.now, (lan) =>
      parameter(bmc, lan).join() === wanted ? ok : refuse('parameterReadOnly'),
    );
  },
});
