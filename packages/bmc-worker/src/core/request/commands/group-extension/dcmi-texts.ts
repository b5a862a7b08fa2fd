import {
  DCMI_TEXT_CHUNK,
  getAssetTag,
  getManagementControllerIdentifierString,
  setAssetTag,
  setManagementControllerIdentifierString,
  type DcmiTextPart,
  type DcmiTextRead,
} from '@vbmc/ipmi-codec';
import { latin1Bytes } from '../../../terms/latin1.ts';
import { refuse, respond, type ImmediateResult } from '../../../terms/result.ts';
import { afterInventory, assetTagOf } from '../after-inventory.ts';
import { defineDcmiHandler } from './define-dcmi-handler.ts';

/** Of an asset tag, and of an identifier before its null. */
const MOST_BYTES = 63;

function part(text: Uint8Array, { offset, length }: DcmiTextPart): ImmediateResult<DcmiTextRead> {
  if (offset > text.length || length > DCMI_TEXT_CHUNK) return refuse('parameterOutOfRange');
  return respond({ totalLength: text.length, bytes: text.subarray(offset, offset + length) });
}

export const getAssetTagHandler = defineDcmiHandler({
  command: getAssetTag,
  privilege: 'user',
  handle: (request, bmc, { now }) => {
    const answer = (tag: string) => part(latin1Bytes(tag).subarray(0, MOST_BYTES), request);
    if (bmc.identity.assetTag !== undefined) return answer(bmc.identity.assetTag);
    return afterInventory(bmc, now, (inventory) => answer(assetTagOf(bmc, inventory)));
  },
});

/** The BMC's name. It ends with a null, which counts. */
export const getManagementControllerIdentifierStringHandler = defineDcmiHandler({
  command: getManagementControllerIdentifierString,
  privilege: 'user',
  handle: (request, { identity }) => {
    const name = latin1Bytes(identity.name).subarray(0, MOST_BYTES);
    return part(Uint8Array.of(...name, 0), request);
  },
});

/** Both are the inventory's. */
export const setAssetTagHandler = defineDcmiHandler({
  command: setAssetTag,
  privilege: 'operator',
  handle: () => refuse('notSupportedInPresentState'),
});
export const setManagementControllerIdentifierStringHandler = defineDcmiHandler({
  command: setManagementControllerIdentifierString,
  privilege: 'administrator',
  handle: () => refuse('notSupportedInPresentState'),
});
