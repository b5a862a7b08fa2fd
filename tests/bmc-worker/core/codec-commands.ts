import * as codec from '@vbmc/ipmi-codec';
import type { AnyCommand } from '../../support/all-commands.ts';

const isCommand = (value: unknown): value is AnyCommand =>
  typeof value === 'object' && value !== null && 'netFn' in value && 'code' in value && 'request' in value;

/** Every command that the codec exports: one that is added there cannot be forgotten here. */
export const codecCommands: readonly AnyCommand[] = Object.values<unknown>(codec).filter(isCommand);
