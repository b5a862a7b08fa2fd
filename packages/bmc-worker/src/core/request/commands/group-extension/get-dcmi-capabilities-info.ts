import { dcmiCapability, getDcmiCapabilitiesInfo } from '@vbmc/ipmi-codec';
import { LAN_CHANNEL } from '../../../terms/lan-channel.ts';
import { refuse, respond } from '../../../terms/result.ts';
import type { Bmc } from '../handler.ts';
import { defineDcmiHandler } from './define-dcmi-handler.ts';

const PARAMETER_REVISION = 2;
/** Bit 15: a full event log rolls over; bit 13: by records, not as a whole; bits 11:0: how many records it has room for. */
const SEL_ROLLS_OVER = 0xa000;
const MOST_SEL_RECORDS = 0x0fff;
const NO_CHANNEL = 0xff;

function mandatoryPlatform({ eventLog: { capacity, whenFull } }: Bmc): Uint8Array {
  const attributes = Math.min(capacity, MOST_SEL_RECORDS) | (whenFull === 'wrap' ? SEL_ROLLS_OVER : 0);
  return Uint8Array.of(attributes & 0xff, attributes >>> 8, 0, 0, 0);
}

/**
 * By parameter (DCMI 1.5 section 6.1.1 table 6-3). Identification, event log, chassis power and temperature monitoring are mandatory;
 * power management is optional, and missing: there is nothing to measure, and an exporter would take "not active" for 0 W. The
 * managed system has no other interface than the LAN's channel.
 */
const parameters: ReadonlyMap<number, (bmc: Bmc) => Uint8Array> = new Map([
  [dcmiCapability.supported, () => Uint8Array.of(0, 0, 0)],
  [dcmiCapability.mandatoryPlatform, mandatoryPlatform],
  // freeipmi asks no further where this one is refused. The address of a power controller: the BMC's own, and no channel.
  [dcmiCapability.optionalPlatform, () => Uint8Array.of(0x20, 0)],
  [dcmiCapability.manageabilityAccess, () => Uint8Array.of(LAN_CHANNEL, NO_CHANNEL, NO_CHANNEL)],
]);

/** Clients may ask before they log in (DCMI 1.5 section 6.1). */
export const getDcmiCapabilitiesInfoHandler = defineDcmiHandler({
  command: getDcmiCapabilitiesInfo,
  privilege: 'none',
  handle: ({ parameterSelector }, bmc) => {
    const parameterData = parameters.get(parameterSelector)?.(bmc);
    if (parameterData === undefined) return refuse('invalidDataField');
    return respond({
      majorVersion: 1,
      minorVersion: 5,
      parameterRevision: PARAMETER_REVISION,
      parameterData,
    });
  },
});
