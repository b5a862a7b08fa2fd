import type { Command, DataCodec, NetFn } from '@vbmc/ipmi-codec';

const rawData: DataCodec<Uint8Array> = { decode: (data) => data, encode: (data) => data };

/** Any command with raw data bytes, as `ipmitool raw` sends it. */
export function rawCommand(netFn: NetFn, code: number): Command<Uint8Array, Uint8Array> {
  return {
    name: `raw ${netFn} ${code}`,
    netFn,
    code,
    request: rawData,
    response: rawData,
  };
}
