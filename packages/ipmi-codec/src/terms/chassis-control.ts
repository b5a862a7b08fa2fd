/** Chassis Control's operation, v2.0§28.3 table 28-4: byte 1, bits 3:0. */
export const chassisControl = {
  powerDown: 0,
  powerUp: 1,
  powerCycle: 2,
  hardReset: 3,
  diagnosticInterrupt: 4,
  softShutdown: 5,
} as const;

export type ChassisControl = keyof typeof chassisControl;
