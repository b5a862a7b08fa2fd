import { ByteReader } from '../../bytes/byte-reader.ts';
import { ByteWriter } from '../../bytes/byte-writer.ts';
import { noData, type Command, type NoData } from '../command.ts';

export interface LastProcessedEventId {
  /** 4 bytes: when a record was last added, in seconds since 1970; FFFFFFFFh: never. */
  readonly lastAddition: number;
  /** 2 bytes each: of the last record, and of those that software and the BMC have processed; FFFFh and 0000h: none. */
  readonly lastRecordId: number;
  readonly lastSoftwareProcessed: number;
  readonly lastBmcProcessed: number;
}

/** v2.0§30.6 table 30-7. Request none, response 10 bytes. */
export const getLastProcessedEventId: Command<NoData, LastProcessedEventId> = {
  name: 'Get Last Processed Event ID',
  netFn: 'sensorEvent',
  code: 0x15,
  request: noData,
  response: {
    decode: (data) => {
      const reader = new ByteReader(data);
      const ids = {
        lastAddition: reader.u32(),
        lastRecordId: reader.u16(),
        lastSoftwareProcessed: reader.u16(),
        lastBmcProcessed: reader.u16(),
      };
      reader.end();
      return ids;
    },
    encode: ({ lastAddition, lastRecordId, lastSoftwareProcessed, lastBmcProcessed }) =>
      new ByteWriter(10).u32(lastAddition).u16(lastRecordId).u16(lastSoftwareProcessed).u16(lastBmcProcessed)
        .bytes,
  },
};
