import type { IpmiMessage } from '@vbmc/ipmi-codec';
import type { CommandGroup } from '../terms/command-group.ts';
import type { Effect } from '../terms/effects.ts';
import { limits } from '../terms/limits.ts';
import type { RequestContext } from './commands/handler.ts';

export interface LateRequest {
  readonly request: IpmiMessage;
  readonly context: RequestContext;
  readonly reply: (payload: Uint8Array) => void;
}

/** Requests that wait for the handlers of their commands. */
export class LateCommands {
  readonly #emit: (effect: Effect) => void;
  readonly #waiting = new Map<CommandGroup, LateRequest[]>();

  constructor(emit: (effect: Effect) => void) {
    this.#emit = emit;
  }

  /** False: too many wait, and this one does not. */
  add(group: CommandGroup, request: LateRequest): boolean {
    const waiting = this.#waiting.get(group);
    if (waiting === undefined) {
      this.#waiting.set(group, [request]);
      this.#emit({ kind: 'loadCommands', group });
      return true;
    }
    if (waiting.length >= limits.openQuestions) return false;
    waiting.push(request);
    return true;
  }

  /** Those that have waited for this group, in the order in which they came. */
  take(group: CommandGroup): readonly LateRequest[] {
    const waiting = this.#waiting.get(group) ?? [];
    this.#waiting.delete(group);
    return waiting;
  }
}
