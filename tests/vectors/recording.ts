import { readFileSync } from 'node:fs';

export interface RecordedDatagram {
  readonly from: 'remoteConsole' | 'bmc';
  readonly hex: string;
}

export interface RecordingEntry extends RecordedDatagram {
  /** The datagram's meaning, byte strings in hexadecimal. */
  readonly decoded: unknown;
}

/**
 * A real exchange between two programs that do not use our codec, with its origin. The bytes, keys and codes are those
 * programs' own. Our codec made `decoded` during the recording, and we compared it with the client's output. Made by
 * record/record.ts.
 */
export interface Recording {
  readonly client: string;
  readonly bmc: string;
  readonly commandLine: string;
  /** Absent for an IPMI 1.5 session. */
  readonly cipherSuiteId?: 3 | 17;
  readonly userName: string;
  readonly password: string;
  /** The keys that `ipmitool -vvvvv` computed and printed, in hexadecimal. */
  readonly keysPrintedByClient?: { readonly sik: string; readonly k1: string; readonly k2: string };
  readonly datagrams: readonly RecordingEntry[];
}

export const recordingNames = [
  'ipmitool-suite-3',
  'ipmitool-suite-17',
  'ipmitool-unknown-user',
  'ipmitool-wrong-password',
  'freeipmi-suite-3',
  'freeipmi-suite-17',
  'freeipmi-rmcpping',
  'ipmitool-ipmi-1.5',
  'ipmitool-ipmi-1.5-wrong-password',
  'freeipmi-ipmi-1.5',
] as const;

export type RecordingName = (typeof recordingNames)[number];

export function readRecording(name: RecordingName): Recording {
  return JSON.parse(readFileSync(new URL(`${name}.json`, import.meta.url), 'utf8')) as Recording;
}
