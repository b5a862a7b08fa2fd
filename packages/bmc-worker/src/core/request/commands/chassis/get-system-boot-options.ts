import {
  bootFlagsParameter,
  bootOptionParameter,
  getSystemBootOptions,
  type GetSystemBootOptionsResponse,
} from '@vbmc/ipmi-codec';
import {
  MAILBOX_BLOCK_LENGTH,
  MAILBOX_BLOCKS,
  noBootFlags,
  type BootOptions,
} from '../../../domain/boot-options.ts';
import { refuse, respond, type ImmediateResult } from '../../../terms/result.ts';
import { afterDomainAction, defineHandler, type SessionDirectory } from '../handler.ts';

/** A parameter's data; undefined when it has no such set. */
type Getter = (
  options: BootOptions,
  setSelector: number,
  sessions: SessionDirectory,
) => Uint8Array | undefined;

const getters: ReadonlyMap<number, Getter> = new Map<number, Getter>([
  [
    bootOptionParameter.setInProgress,
    ({ setInProgressBy: holder }, _, sessions) =>
      Uint8Array.of(holder !== undefined && sessions.find(holder) !== undefined ? 1 : 0),
  ],
  [bootOptionParameter.bootFlagValidBitClearing, (options) => Uint8Array.of(options.validBitClearing)],
  // Data 1 is the write mask, which reads as 0.
  [bootOptionParameter.bootInfoAcknowledge, (options) => Uint8Array.of(0, options.infoAcknowledge)],
  [bootOptionParameter.bootFlags, (options) => bootFlagsParameter.encode(options.flags)],
  [bootOptionParameter.bootInitiatorInfo, (options) => options.initiatorInfo],
  [
    bootOptionParameter.bootInitiatorMailbox,
    (options, block) => {
      if (block >= MAILBOX_BLOCKS) return undefined;
      const start = block * MAILBOX_BLOCK_LENGTH;
      return Uint8Array.of(block, ...options.mailbox.subarray(start, start + MAILBOX_BLOCK_LENGTH));
    },
  ],
]);

export const getSystemBootOptionsHandler = defineHandler({
  command: getSystemBootOptions,
  privilege: 'operator',
  handle: ({ parameterSelector, setSelector }, { device, sessions }, { now }) => {
    const get = getters.get(parameterSelector);
    if (get === undefined) return refuse('parameterNotSupported');
    const parameterData = get(device.bootOptions, setSelector, sessions);
    if (parameterData === undefined) return refuse('parameterOutOfRange');
    const answer = (data: Uint8Array): ImmediateResult<GetSystemBootOptionsResponse> =>
      respond({ markedInvalid: false, parameterSelector, parameterData: data });
    if (parameterSelector !== bootOptionParameter.bootFlags || device.bootFlagsAreCertain(now))
      return answer(parameterData);
    return afterDomainAction({ kind: 'readBootFlags' }, ({ bootFlags }) =>
      answer(bootFlagsParameter.encode(bootFlags ?? noBootFlags)),
    );
  },
});
