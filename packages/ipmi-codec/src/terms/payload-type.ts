import { codeNames } from './code-names.ts';

/** RMCP+ payload types, 6 bits (v2.0§13.27.3 table 13-16). */
export const payloadType = {
  ipmiMessage: 0x00,
  sol: 0x01,
  oemExplicit: 0x02,
  openSessionRequest: 0x10,
  openSessionResponse: 0x11,
  rakpMessage1: 0x12,
  rakpMessage2: 0x13,
  rakpMessage3: 0x14,
  rakpMessage4: 0x15,
} as const;

export type PayloadType = keyof typeof payloadType;

export const payloadTypeNames = codeNames(payloadType);
