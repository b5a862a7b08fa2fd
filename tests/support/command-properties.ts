import fc from 'fast-check';
import type { Command, DataCodec } from '@vbmc/ipmi-codec';
import { decoderProperties, type DecoderProperties } from './decoder-properties.ts';

export const none = fc.constant(undefined);

export function data<Value>(
  name: string,
  codec: DataCodec<Value>,
  arbitrary: fc.Arbitrary<Value>,
  shortest?: number,
): DecoderProperties {
  return decoderProperties({ name, ...codec, arbitrary, ...(shortest === undefined ? {} : { shortest }) });
}

/** The decoder properties of a command's request and response. The response has no completion code. */
export function both<Request, Response>(
  command: Command<Request, Response>,
  request: fc.Arbitrary<Request>,
  response: fc.Arbitrary<Response>,
  shortest: { request?: number; response?: number } = {},
): DecoderProperties[] {
  return [
    data(`${command.name} request`, command.request, request, shortest.request),
    data(`${command.name} response`, command.response, response, shortest.response),
  ];
}
