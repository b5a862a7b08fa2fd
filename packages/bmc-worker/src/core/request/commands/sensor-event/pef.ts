import { getPefCapabilities, getPefConfigurationParameters, PARAMETER_REVISION } from '@vbmc/ipmi-codec';
import { refuse, respond } from '../../../terms/result.ts';
import { defineHandler } from '../handler.ts';

/** IPMI 1.5, as the specification has it for 2.0 as well (v2.0§30.1). */
const PEF_VERSION = 0x51;

/** This BMC sends no alerts and takes no action of itself on events: it has no filter, and no table of alerts. */
export const getPefCapabilitiesHandler = defineHandler({
  command: getPefCapabilities,
  privilege: 'user',
  handle: () => respond({ version: PEF_VERSION, actions: 0, eventFilterCount: 0 }),
});

/**
 * The bytes of each parameter, all of which are 0 (v2.0§30.4 table 30-6): set in progress, PEF control, global actions, delays
 * before and between alerts, the numbers of event filters and of alert policies, the system GUID, the number of alert strings.
 * ipmi-pef-config prints nothing at all where one of the numbers is missing.
 */
const lengths: ReadonlyMap<number, number> = new Map([
  [0, 1],
  [1, 1],
  [2, 1],
  [3, 1],
  [4, 1],
  [5, 1],
  [8, 1],
  [10, 17],
  [11, 1],
]);

export const getPefConfigurationParametersHandler = defineHandler({
  command: getPefConfigurationParameters,
  privilege: 'operator',
  handle: ({ parameterSelector, revisionOnly }) => {
    const length = lengths.get(parameterSelector);
    if (length === undefined) return refuse('parameterNotSupported');
    return respond({
      revision: PARAMETER_REVISION,
      parameterData: new Uint8Array(revisionOnly ? 0 : length),
    });
  },
});
