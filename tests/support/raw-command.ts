import type { Command, DataCodec, NetFn } from '@vbmc/ipmi-codec';

const asTheyStand: DataCodec<Uint8Array> = { decode: (data) => data, encode: (data) => data };

/** Any command at all, data bytes as they stand: what `ipmitool raw` sends. */
export function rawCommand(netFn: NetFn, code: number): Command<Uint8Array, Uint8Array> {
  return {
    name: `raw ${netFn} ${code}`,
    netFn,
    code,
    request: asTheyStand,
    response: asTheyStand,
  };
}
