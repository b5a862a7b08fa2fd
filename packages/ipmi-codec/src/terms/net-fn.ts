/**
 * Network function of a request, 6 bits on the wire. The response's network function is one higher (v2.0§5.1 table
 * 5-1).
 */
export const netFn = {
  chassis: 0x00,
  bridge: 0x02,
  sensorEvent: 0x04,
  app: 0x06,
  firmware: 0x08,
  storage: 0x0a,
  transport: 0x0c,
  groupExtension: 0x2c,
} as const;

/** The network function of commands that an enterprise defines; 3 bytes of its number come first. */
export const OEM_GROUP = 0x2e;

export type NetFn = keyof typeof netFn;
