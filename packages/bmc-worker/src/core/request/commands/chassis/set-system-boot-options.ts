import {
  bootFlagsParameter,
  bootOptionParameter,
  setSystemBootOptions,
  USER_PASSWORD_BYPASS,
  type NoData,
} from '@vbmc/ipmi-codec';
import { INITIATOR_INFO_LENGTH, MAILBOX_BLOCK_LENGTH, MAILBOX_BLOCKS } from '../../../domain/boot-options.ts';
import { refuse, respond } from '../../../terms/result.ts';
import {
  afterDomainAction,
  defineHandler,
  type Bmc,
  type HandlerResult,
  type RequestContext,
} from '../handler.ts';

type Setter = (data: Uint8Array, bmc: Bmc, context: RequestContext) => HandlerResult<NoData>;

const ok = respond(undefined);
const wrongLength = refuse('requestDataLengthInvalid');

/** Parameter 0. A session that ended without "set complete" does not lock out the others. */
const setInProgress: Setter = (data, { device: { bootOptions }, sessions }, { session }) => {
  const [state] = data;
  if (data.length !== 1) return wrongLength;
  const holder = bootOptions.setInProgressBy;
  if (state === 1) {
    if (
      holder !== undefined &&
      holder !== session?.managedSystemSessionId &&
      sessions.find(holder) !== undefined
    ) {
      return refuse('setInProgressConflict');
    }
    bootOptions.setInProgressBy = session?.managedSystemSessionId;
    return ok;
  }
  // Commit write and rollback are optional, and not supported.
  if (state !== 0) return refuse('invalidDataField');
  bootOptions.setInProgressBy = undefined;
  return ok;
};

const setValidBitClearing: Setter = ([clearing, ...more], { device: { bootOptions } }) => {
  if (clearing === undefined || more.length > 0) return wrongLength;
  if (clearing > 0x1f) return refuse('invalidDataField');
  bootOptions.validBitClearing = clearing;
  return ok;
};

/** Parameter 4: data 1 is a write mask for data 2. */
const setInfoAcknowledge: Setter = ([mask, bits, ...more], { device: { bootOptions } }) => {
  if (mask === undefined || bits === undefined || more.length > 0) return wrongLength;
  bootOptions.infoAcknowledge = (bootOptions.infoAcknowledge & ~mask) | (bits & mask);
  return ok;
};

/**
 * Parameter 5: acknowledged once the domain's definition has the flags. One bit is reserved for administrators (v2.0 appendix
 * G): to bypass the passwords that the firmware's user has set.
 */
const setBootFlags: Setter = (data, _, { session }) => {
  const bootFlags = bootFlagsParameter.decode(data);
  const bypassesPassword = ((bootFlags.firmwareRequests ?? 0) & USER_PASSWORD_BYPASS) !== 0;
  if (bypassesPassword && session?.privilegeLevel !== 'administrator') return refuse('insufficientPrivilege');
  return afterDomainAction({ kind: 'setBootFlags', bootFlags }, () => ok);
};

const setInitiatorInfo: Setter = (data, { device: { bootOptions } }) => {
  if (data.length !== INITIATOR_INFO_LENGTH) return wrongLength;
  bootOptions.initiatorInfo = Uint8Array.from(data);
  return ok;
};

/** Parameter 7: block number, then up to 16 bytes. */
const setInitiatorMailbox: Setter = (data, { device: { bootOptions } }) => {
  const [block] = data;
  if (block === undefined || data.length > 1 + MAILBOX_BLOCK_LENGTH) return wrongLength;
  if (block >= MAILBOX_BLOCKS) return refuse('parameterOutOfRange');
  bootOptions.mailbox.set(data.subarray(1), block * MAILBOX_BLOCK_LENGTH);
  return ok;
};

const setters: ReadonlyMap<number, Setter> = new Map([
  [bootOptionParameter.setInProgress, setInProgress],
  [bootOptionParameter.bootFlagValidBitClearing, setValidBitClearing],
  [bootOptionParameter.bootInfoAcknowledge, setInfoAcknowledge],
  [bootOptionParameter.bootFlags, setBootFlags],
  [bootOptionParameter.bootInitiatorInfo, setInitiatorInfo],
  [bootOptionParameter.bootInitiatorMailbox, setInitiatorMailbox],
]);

export const setSystemBootOptionsHandler = defineHandler({
  command: setSystemBootOptions,
  privilege: 'operator',
  handle: (request, bmc, context) => {
    const set = setters.get(request.parameterSelector);
    if (set === undefined) return refuse('parameterNotSupported');
    // This BMC cannot mark a parameter invalid or lock it, so it does not pretend to.
    if (request.markInvalid) return refuse('invalidDataField');
    // Without data only the mark would change, and it already says "valid" (v2.0§28.12 table 28-12).
    if (request.parameterData.length === 0) return ok;
    return set(request.parameterData, bmc, context);
  },
});
