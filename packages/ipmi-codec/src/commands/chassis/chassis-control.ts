import { ByteReader } from '../../bytes/byte-reader.ts';
import { ByteWriter } from '../../bytes/byte-writer.ts';
import { DecodeError } from '../../bytes/decode-error.ts';
import { chassisControl as chassisControlCodes, type ChassisControl } from '../../terms/chassis-control.ts';
import { codeNames } from '../../terms/code-names.ts';
import { noData, type Command, type NoData } from '../command.ts';

export interface ChassisControlRequest {
  readonly chassisControl: ChassisControl;
}

const names = codeNames(chassisControlCodes);

/** v2.0§28.3 table 28-4. Request 1 byte, response none. */
export const chassisControlCommand: Command<ChassisControlRequest, NoData> = {
  name: 'Chassis Control',
  netFn: 'chassis',
  code: 0x02,
  request: {
    decode: (data) => {
      const reader = new ByteReader(data);
      // Bits 7:4 are reserved: a byte with one of them set is no request to power anything.
      const code = reader.u8();
      reader.end();
      const name = names.get(code);
      if (name === undefined) throw new DecodeError('invalidField', `chassis control ${code}`);
      return { chassisControl: name };
    },
    encode: (request) => new ByteWriter(1).u8(chassisControlCodes[request.chassisControl]).bytes,
  },
  response: noData,
};
