import * as codec from '@vbmc/ipmi-codec';
import type { DataCodec, NetFn } from '@vbmc/ipmi-codec';

/** A command whose request and response may be of any type: only what was decoded may be encoded again. */
export interface AnyCommand {
  readonly name: string;
  readonly netFn: NetFn;
  readonly code: number;
  readonly request: DataCodec<unknown>;
  readonly response: DataCodec<unknown>;
}

function isCommand(value: unknown): value is AnyCommand {
  return (
    typeof value === 'object' && value !== null && 'netFn' in value && 'code' in value && 'request' in value
  );
}

/** Every command that the codec exports: one that is added there cannot be forgotten here. */
export const allCommands: readonly AnyCommand[] = Object.values<unknown>(codec).filter(isCommand);
