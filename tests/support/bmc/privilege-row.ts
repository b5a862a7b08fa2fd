import { netFn, type Command, type PrivilegeLevel } from '@vbmc/ipmi-codec';
import type { RemoteConsole } from '../console/remote-console.ts';

export type Level = PrivilegeLevel | 'none';

/** A request of one command, for a try at every level. */
export interface Row {
  readonly name: string;
  readonly netFn: number;
  readonly code: number;
  readonly minimum: Level;
  readonly request: (console: RemoteConsole) => Uint8Array;
  /** The completion code at a level that suffices. */
  readonly allowed: number;
}

export function row<Request, Response>(
  command: Command<Request, Response>,
  minimum: Level,
  value: NoInfer<Request> | ((console: RemoteConsole) => NoInfer<Request>),
  allowed = 0,
): Row {
  return {
    allowed,
    name: command.name,
    netFn: netFn[command.netFn],
    code: command.code,
    minimum,
    request: (console) =>
      console.request(
        command,
        typeof value === 'function' ? (value as (console: RemoteConsole) => Request)(console) : value,
      ),
  };
}
