import { ByteWriter } from '../../bytes/byte-writer.ts';
import type { Command, DataCodec } from '../command.ts';
import { DCMI_GROUP, dcmiReader } from './dcmi-group.ts';

export interface DcmiSensorsRequest {
  /** 1 byte each: the sensor type, 01h temperature; the entity id; its instance, 0 for all; the first of them to return. */
  readonly sensorType: number;
  readonly entityId: number;
  readonly entityInstance: number;
  readonly firstInstance: number;
}

export interface DcmiSensors {
  /** 1 byte: how many there are in all. */
  readonly total: number;
  /** 2 bytes each: a record id; or a temperature and its instance. */
  readonly entries: readonly number[];
}

const request: DataCodec<DcmiSensorsRequest> = {
  decode: (data) => {
    const reader = dcmiReader(data);
    const wanted = {
      sensorType: reader.u8(),
      entityId: reader.u8(),
      entityInstance: reader.u8(),
      firstInstance: reader.u8(),
    };
    reader.end();
    return wanted;
  },
  encode: ({ sensorType, entityId, entityInstance, firstInstance }) =>
    new ByteWriter(5).u8(DCMI_GROUP).u8(sensorType).u8(entityId).u8(entityInstance).u8(firstInstance).bytes,
};

const response: DataCodec<DcmiSensors> = {
  decode: (data) => {
    const reader = dcmiReader(data);
    const [total, count] = [reader.u8(), reader.u8()];
    const entries = Array.from({ length: count }, () => reader.u16());
    reader.end();
    return { total, entries };
  },
  encode: ({ total, entries }) => {
    const writer = new ByteWriter(3 + 2 * entries.length).u8(DCMI_GROUP).u8(total).u8(entries.length);
    for (const entry of entries) writer.u16(entry);
    return writer.bytes;
  },
};

/** DCMI 1.5 section 6.5.2 table 6-14. Request 5 bytes, response 3 bytes and 2 for each record id. */
export const getDcmiSensorInfo: Command<DcmiSensorsRequest, DcmiSensors> = {
  name: 'Get DCMI Sensor Info',
  netFn: 'groupExtension',
  code: 0x07,
  request,
  response,
};

/** DCMI 1.5 section 6.7.3 table 6-22. Request 5 bytes, response 3 bytes and 2 for each reading. */
export const getTemperatureReadings: Command<DcmiSensorsRequest, DcmiSensors> = {
  name: 'Get Temperature Readings',
  netFn: 'groupExtension',
  code: 0x10,
  request,
  response,
};
