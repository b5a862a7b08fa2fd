import { ByteReader } from '../../bytes/byte-reader.ts';
import { ByteWriter } from '../../bytes/byte-writer.ts';
import type { DataCodec } from '../command.ts';
import { activityByte, readActivity, type SensorActivity } from './sensor-activity.ts';

export interface SensorEventMasks extends SensorActivity {
  /** 2 bytes each: a bit for each event of the sensor, when it begins and when it ends. */
  readonly assertion: number;
  readonly deassertion: number;
}

/** The response of the commands about a sensor's events. 5 bytes. */
export const eventMasksCodec: DataCodec<SensorEventMasks> = {
  decode: (data) => {
    const reader = new ByteReader(data);
    const activity = readActivity(reader.u8());
    const masks = { assertion: reader.u16(), deassertion: reader.u16() };
    reader.end();
    return { ...activity, ...masks };
  },
  encode: ({ assertion, deassertion, ...activity }) =>
    new ByteWriter(5).u8(activityByte(activity)).u16(assertion).u16(deassertion).bytes,
};
