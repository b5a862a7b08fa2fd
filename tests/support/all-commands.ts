import * as codec from '@vbmc/ipmi-codec';
import type { DataCodec, NetFn } from '@vbmc/ipmi-codec';

/** A command with requests and responses of any type. `encode` accepts only values that its `decode` returned. */
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

/** Every command that the codec exports, found automatically so that none can be forgotten. */
export const allCommands: readonly AnyCommand[] = Object.values<unknown>(codec).filter(isCommand);
