import { ByteWriter } from '../../bytes/byte-writer.ts';
import type { Command, DataCodec } from '../command.ts';
import { DCMI_GROUP, dcmiReader } from './dcmi-group.ts';

/** A client reads or writes at most so many bytes of a text at once. */
export const DCMI_TEXT_CHUNK = 16;

export interface DcmiTextPart {
  /** 1 byte each: where to begin, and how many bytes to read. */
  readonly offset: number;
  readonly length: number;
}

export interface DcmiTextRead {
  /** 1 byte: the length of the whole text. */
  readonly totalLength: number;
  /** At most 16. */
  readonly bytes: Uint8Array;
}

export interface DcmiTextWrite extends DcmiTextPart {
  /** `length` of them. */
  readonly bytes: Uint8Array;
}

const part: DataCodec<DcmiTextPart> = {
  decode: (data) => {
    const reader = dcmiReader(data);
    const request = { offset: reader.u8(), length: reader.u8() };
    reader.end();
    return request;
  },
  encode: ({ offset, length }) => new ByteWriter(3).u8(DCMI_GROUP).u8(offset).u8(length).bytes,
};

const read: DataCodec<DcmiTextRead> = {
  decode: (data) => {
    const reader = dcmiReader(data);
    return { totalLength: reader.u8(), bytes: reader.rest() };
  },
  encode: ({ totalLength, bytes }) =>
    new ByteWriter(2 + bytes.length).u8(DCMI_GROUP).u8(totalLength).put(bytes).bytes,
};

const write: DataCodec<DcmiTextWrite> = {
  decode: (data) => {
    const reader = dcmiReader(data);
    const [offset, length] = [reader.u8(), reader.u8()];
    const bytes = reader.take(length);
    reader.end();
    return { offset, length, bytes };
  },
  encode: ({ offset, bytes }) =>
    new ByteWriter(3 + bytes.length).u8(DCMI_GROUP).u8(offset).u8(bytes.length).put(bytes).bytes,
};

const written: DataCodec<{ readonly totalLength: number }> = {
  decode: (data) => {
    const reader = dcmiReader(data);
    const totalLength = reader.u8();
    reader.end();
    return { totalLength };
  },
  encode: ({ totalLength }) => new ByteWriter(2).u8(DCMI_GROUP).u8(totalLength).bytes,
};

const group = { netFn: 'groupExtension' } as const;

/** DCMI 1.5 section 6.4.2. Request 3 bytes, response 2 bytes and the part. */
export const getAssetTag: Command<DcmiTextPart, DcmiTextRead> = {
  ...group,
  name: 'Get Asset Tag',
  code: 0x06,
  request: part,
  response: read,
};

/** DCMI 1.5 section 6.4.3. Request 3 bytes and the part, response 2 bytes. */
export const setAssetTag: Command<DcmiTextWrite, { readonly totalLength: number }> = {
  ...group,
  name: 'Set Asset Tag',
  code: 0x08,
  request: write,
  response: written,
};

/** DCMI 1.5 section 6.4.6.1. Request 3 bytes, response 2 bytes and the part. */
export const getManagementControllerIdentifierString: Command<DcmiTextPart, DcmiTextRead> = {
  ...group,
  name: 'Get Management Controller Identifier String',
  code: 0x09,
  request: part,
  response: read,
};

/** DCMI 1.5 section 6.4.6.2. Request 3 bytes and the part, response 2 bytes. */
export const setManagementControllerIdentifierString: Command<
  DcmiTextWrite,
  { readonly totalLength: number }
> = {
  ...group,
  name: 'Set Management Controller Identifier String',
  code: 0x0a,
  request: write,
  response: written,
};
