import { netFn, type NetFn } from '@vbmc/ipmi-codec';
import type { CommandGroup } from '../terms/command-group.ts';

/** A command whose handler is read when it is first asked for. */
export interface LaterCommand {
  readonly group: CommandGroup;
  /** Whether anybody may ask, without a session. */
  readonly outsideSession?: true;
}

type Codes = Readonly<Partial<Record<NetFn, readonly number[]>>>;

/** By group: the codes of its commands. The numbers only, as the commands themselves are what is not read yet. */
const codes: Readonly<Record<CommandGroup, Codes>> = {
  settings: {
    chassis: [0x04, 0x07, 0x0f],
    sensorEvent: [0x10, 0x13],
    app: [0x07, 0x22, 0x24, 0x25, 0x40, 0x43, 0x44, 0x45, 0x46, 0x47, 0x4c, 0x4d, 0x56, 0x58, 0x59],
    transport: [0x01, 0x02],
    groupExtension: [0x01, 0x06, 0x07, 0x08, 0x09, 0x0a, 0x10],
  },
  records: {
    sensorEvent: [0x01, 0x02, 0x15, 0x25, 0x27, 0x29, 0x2b, 0x2d, 0x2f],
    storage: [
      ...[0x10, 0x11, 0x12, 0x20, 0x22, 0x23, 0x28],
      ...[0x40, 0x41, 0x42, 0x43, 0x44, 0x46, 0x47, 0x48, 0x49, 0x5c, 0x5d],
    ],
  },
};

/** Those of them that answer without a session (appendix G, DCMI 1.5 section 6.1). */
const outsideSession: Codes = { groupExtension: [0x01] };

/** By (NetFn << 8) | code. */
export const laterCommands: ReadonlyMap<number, LaterCommand> = new Map(
  (Object.entries(codes) as [CommandGroup, Codes][]).flatMap(([group, byNetFn]) =>
    (Object.entries(byNetFn) as [NetFn, readonly number[]][]).flatMap(([name, list]) =>
      list.map((code): [number, LaterCommand] => [
        (netFn[name] << 8) | code,
        { group, ...(outsideSession[name]?.includes(code) === true && { outsideSession: true }) },
      ]),
    ),
  ),
);
