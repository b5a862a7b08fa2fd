import {
  getSystemInfoParameters,
  PARAMETER_REVISION,
  setSystemInfoParameters,
  systemInfoParameter as parameter,
  type ParameterResponse,
} from '@vbmc/ipmi-codec';
import { latin1Bytes } from '../../../terms/latin1.ts';
import { refuse, respond, type ImmediateResult } from '../../../terms/result.ts';
import { afterInventory } from '../after-inventory.ts';
import { defineHandler } from '../handler.ts';
import { isHeld, settingsOf } from '../settings-of.ts';

const BLOCK = 16;
/** Block 0 begins with the encoding and the length of the text (v2.0§22.14b). */
const HEAD = 2;
const LATIN_1 = 0;
/** A length has one byte. */
const MOST_BYTES = 255;
const MOST_BLOCKS = (HEAD + MOST_BYTES + 1) / BLOCK;

/** What programs in the guest, or its operator, say of the operating system. */
const settable: ReadonlySet<number> = new Set([
  parameter.primaryOperatingSystemName,
  parameter.operatingSystemName,
  parameter.operatingSystemVersion,
]);

/** A text in blocks of 16 bytes. */
function blocksOf(text: string): Uint8Array[] {
  const bytes = latin1Bytes(text).subarray(0, MOST_BYTES);
  const whole = new Uint8Array(Math.ceil((HEAD + bytes.length) / BLOCK) * BLOCK);
  whole.set([LATIN_1, bytes.length]);
  whole.set(bytes, HEAD);
  return Array.from({ length: whole.length / BLOCK }, (_, at) =>
    whole.subarray(at * BLOCK, (at + 1) * BLOCK),
  );
}

function answer(...parameterData: readonly number[]): ImmediateResult<ParameterResponse> {
  return respond({ revision: PARAMETER_REVISION, parameterData: Uint8Array.from(parameterData) });
}

function block(blocks: readonly Uint8Array[], at: number): ImmediateResult<ParameterResponse> {
  const found = blocks[at];
  return found === undefined ? refuse('parameterOutOfRange') : answer(at, ...found);
}

export const getSystemInfoParametersHandler = defineHandler({
  command: getSystemInfoParameters,
  privilege: 'user',
  handle: ({ parameterSelector, setSelector, revisionOnly }, bmc, { now }) => {
    const settings = settingsOf(bmc.device);
    if (parameterSelector > parameter.operatingSystemVersion) return refuse('parameterNotSupported');
    if (revisionOnly) return answer();
    if (parameterSelector === parameter.setInProgress)
      return answer(isHeld(settings.systemInfoSetBy, bmc.sessions) ? 1 : 0);
    if (settable.has(parameterSelector))
      return block(settings.systemInfo.get(parameterSelector) ?? blocksOf(''), setSelector);
    return afterInventory(bmc, now, ({ domainName, title, biosVersion }) => {
      if (parameterSelector === parameter.systemName)
        return block(blocksOf(title ?? domainName), setSelector);
      // Only the guest knows the version of firmware that the definition does not name.
      return biosVersion === undefined
        ? refuse('parameterNotSupported')
        : block(blocksOf(biosVersion), setSelector);
    });
  },
});

export const setSystemInfoParametersHandler = defineHandler({
  command: setSystemInfoParameters,
  privilege: 'administrator',
  handle: ({ parameterSelector, parameterData }, { device, sessions }, { session }) => {
    const settings = settingsOf(device);
    const [first, ...text] = parameterData;
    if (first === undefined) return refuse('requestDataLengthInvalid');
    if (parameterSelector === parameter.setInProgress) {
      if (text.length > 0) return refuse('requestDataLengthInvalid');
      if (first > 1) return refuse('invalidDataField');
      const isOthers = settings.systemInfoSetBy !== session?.managedSystemSessionId;
      if (first === 1 && isOthers && isHeld(settings.systemInfoSetBy, sessions))
        return refuse('setInProgressConflict');
      settings.systemInfoSetBy = first === 1 ? session?.managedSystemSessionId : undefined;
      return respond(undefined);
    }
    if (parameterSelector > parameter.operatingSystemVersion) return refuse('parameterNotSupported');
    if (!settable.has(parameterSelector)) return refuse('parameterReadOnly');
    // Some clients leave out the end of the last block.
    if (text.length === 0 || text.length > BLOCK) return refuse('requestDataLengthInvalid');
    const blocks = first === 0 ? [] : [...(settings.systemInfo.get(parameterSelector) ?? [])];
    // The first block begins a text, and each further one continues it.
    if (first >= MOST_BLOCKS || first > blocks.length) return refuse('parameterOutOfRange');
    const whole = new Uint8Array(BLOCK);
    whole.set(text);
    blocks[first] = whole;
    settings.systemInfo.set(parameterSelector, blocks);
    return respond(undefined);
  },
});
