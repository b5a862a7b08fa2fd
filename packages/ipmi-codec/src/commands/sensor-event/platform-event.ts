import { ByteReader } from '../../bytes/byte-reader.ts';
import { ByteWriter } from '../../bytes/byte-writer.ts';
import { noData, type Command, type NoData } from '../command.ts';

export interface PlatformEvent {
  /** 1 byte: 04h for IPMI 1.5 and 2.0, 03h for 1.0. */
  readonly messageRevision: number;
  /** 1 byte (v2.0§42.2). */
  readonly sensorType: number;
  /** 1 byte. */
  readonly sensorNumber: number;
  /** 1 byte: bit 7 deassertion, 6:0 event type. */
  readonly eventType: number;
  /** Up to 3 bytes; those that are not sent are FFh. */
  readonly eventData: Uint8Array;
}

/** v2.0§29.3 table 29-5, as it comes by LAN; the system interface has the generator's id before it. Request 5 to 7 bytes, response none. */
export const platformEvent: Command<PlatformEvent, NoData> = {
  name: 'Platform Event',
  netFn: 'sensorEvent',
  code: 0x02,
  request: {
    decode: (data) => {
      const reader = new ByteReader(data);
      const head = {
        messageRevision: reader.u8(),
        sensorType: reader.u8(),
        sensorNumber: reader.u8(),
        eventType: reader.u8(),
      };
      const first = reader.u8();
      const second = reader.remaining > 0 ? reader.u8() : 0xff;
      const third = reader.remaining > 0 ? reader.u8() : 0xff;
      reader.end();
      return { ...head, eventData: Uint8Array.of(first, second, third) };
    },
    encode: ({ messageRevision, sensorType, sensorNumber, eventType, eventData }) =>
      new ByteWriter(7).u8(messageRevision).u8(sensorType).u8(sensorNumber).u8(eventType).put(eventData)
        .bytes,
  },
  response: noData,
};
