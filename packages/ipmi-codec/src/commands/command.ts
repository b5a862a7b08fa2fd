import { ByteReader } from '../bytes/byte-reader.ts';
import type { NetFn } from '../terms/net-fn.ts';

/** Converts the data bytes of a message to a value and back. `decode` raises `DecodeError`. */
export interface DataCodec<Value> {
  readonly decode: (data: Uint8Array) => Value;
  readonly encode: (value: Value) => Uint8Array;
}

/** One IPMI command. The response's data begin after the completion code. */
export interface Command<Request, Response> {
  /** The specification's name of the command. */
  readonly name: string;
  readonly netFn: NetFn;
  /** One byte; its meaning depends on the network function. */
  readonly code: number;
  readonly request: DataCodec<Request>;
  readonly response: DataCodec<Response>;
}

export type NoData = undefined;

/** A request or response without data bytes. */
export const noData: DataCodec<NoData> = {
  decode: (data) => {
    new ByteReader(data).end();
    return undefined;
  },
  encode: () => new Uint8Array(0),
};
