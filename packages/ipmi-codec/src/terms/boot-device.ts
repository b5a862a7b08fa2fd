/** Boot flags' device selector, v2.0§28.13 table 28-14, parameter 5, data 2, bits 5:2. */
export const bootDevice = {
  noOverride: 0x0,
  pxe: 0x1,
  hardDrive: 0x2,
  hardDriveSafeMode: 0x3,
  diagnosticPartition: 0x4,
  cdDvd: 0x5,
  biosSetup: 0x6,
  remoteFloppy: 0x7,
  remoteCdDvd: 0x8,
  primaryRemoteMedia: 0x9,
  remoteHardDrive: 0xb,
  floppy: 0xf,
} as const;

export type BootDevice = keyof typeof bootDevice;
