import { ByteReader } from '../../bytes/byte-reader.ts';
import { ByteWriter } from '../../bytes/byte-writer.ts';
import type { DataCodec } from '../command.ts';

/** The time of the SEL or of the SDR repository. */
export interface RepositoryTime {
  /** 4 bytes: seconds since 1970. */
  readonly time: number;
}

export const repositoryTime: DataCodec<RepositoryTime> = {
  decode: (data) => {
    const reader = new ByteReader(data);
    const time = { time: reader.u32() };
    reader.end();
    return time;
  },
  encode: ({ time }) => new ByteWriter(4).u32(time).bytes,
};
