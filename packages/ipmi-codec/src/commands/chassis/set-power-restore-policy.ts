import { bit, flag } from '../../bytes/bits.ts';
import { ByteReader } from '../../bytes/byte-reader.ts';
import { ByteWriter } from '../../bytes/byte-writer.ts';
import { DecodeError } from '../../bytes/decode-error.ts';
import { codeNames } from '../../terms/code-names.ts';
import type { Command } from '../command.ts';

/** Power restore policy, bits 2:0. `noChange` only asks which policies the chassis supports. */
const requestedPolicy = { alwaysOff: 0, previousState: 1, alwaysOn: 2, noChange: 3 } as const;

const names = codeNames(requestedPolicy);

export interface SetPowerRestorePolicyRequest {
  readonly policy: keyof typeof requestedPolicy;
}

/** Which policies the chassis supports. */
export interface PowerRestorePolicySupport {
  /** Bit 0: stays powered off after AC comes back. */
  readonly alwaysOff: boolean;
  /** Bit 1: returns to the state that was in effect when AC was lost. */
  readonly previousState: boolean;
  /** Bit 2: powers up after AC comes back. */
  readonly alwaysOn: boolean;
}

/** v2.0§28.8. Request 1 byte, response 1 byte. */
export const setPowerRestorePolicy: Command<SetPowerRestorePolicyRequest, PowerRestorePolicySupport> = {
  name: 'Set Power Restore Policy',
  netFn: 'chassis',
  code: 0x06,
  request: {
    decode: (data) => {
      const reader = new ByteReader(data);
      const code = reader.u8() & 0x07;
      reader.end();
      const policy = names.get(code);
      if (policy === undefined) throw new DecodeError('invalidField', `power restore policy ${code}`);
      return { policy };
    },
    encode: ({ policy }) => new ByteWriter(1).u8(requestedPolicy[policy]).bytes,
  },
  response: {
    decode: (data) => {
      const reader = new ByteReader(data);
      const support = reader.u8();
      reader.end();
      return { alwaysOff: bit(support, 0), previousState: bit(support, 1), alwaysOn: bit(support, 2) };
    },
    encode: ({ alwaysOff, previousState, alwaysOn }) =>
      new ByteWriter(1).u8(flag(alwaysOff, 0) | flag(previousState, 1) | flag(alwaysOn, 2)).bytes,
  },
};
