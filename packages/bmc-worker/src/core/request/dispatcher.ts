import {
  BMC_SLAVE_ADDRESS,
  isDecodeError,
  netFn as netFnCodes,
  privilegeSuffices,
  type CompletionCode,
  type IpmiMessage,
} from '@vbmc/ipmi-codec';
import type { CommandGroup } from '../terms/command-group.ts';
import type { Bmc, CommandHandler, RequestContext, ResponseResult } from './commands/handler.ts';
import { completionCodeOnly } from './commands/response-data.ts';
import { laterCommands } from './later-commands.ts';

function registryKey(netFn: number, command: number): number {
  return (netFn << 8) | command;
}

function answer(code: CompletionCode): ResponseResult {
  return { kind: 'response', data: completionCodeOnly(code) };
}

/** The handlers of this group have to be read first. */
export interface NotLoaded {
  readonly kind: 'notLoaded';
  readonly group: CommandGroup;
}

/** (NetFn, command) → handler. The one place where privileges are checked. */
export class Dispatcher {
  readonly #bmc: Bmc;
  readonly #handlers = new Map<number, CommandHandler>();

  constructor(handlers: readonly CommandHandler[], bmc: Bmc) {
    this.#bmc = bmc;
    this.add(handlers);
  }

  add(handlers: readonly CommandHandler[]): void {
    for (const handler of handlers)
      this.#handlers.set(registryKey(netFnCodes[handler.command.netFn], handler.command.code), handler);
  }

  /** Unknown commands are answered at once: a dropped one would cost the remote console seconds. */
  dispatch(request: IpmiMessage, context: RequestContext): ResponseResult | NotLoaded {
    // Addressed to a controller behind this one, and there is none.
    if (request.toAddress !== BMC_SLAVE_ADDRESS) return answer('destinationUnavailable');
    if (request.toLun !== 0) return answer('commandInvalidForLun');
    const key = registryKey(request.netFn, request.command);
    const handler = this.#handlers.get(key);
    const later = handler === undefined ? laterCommands.get(key) : undefined;
    // Nobody without a password makes a worker read more than it has to.
    if (later !== undefined && (context.session !== undefined || later.outsideSession === true))
      return { kind: 'notLoaded', group: later.group };
    // Before a session the answer does not tell which commands there are.
    if (handler === undefined)
      return answer(context.session === undefined ? 'insufficientPrivilege' : 'invalidCommand');
    if (!mayCall(handler, context)) return answer('insufficientPrivilege');
    try {
      return handler.handle(request.data, this.#bmc, context);
    } catch (error) {
      if (!isDecodeError(error)) throw error;
      return answer(error.reason === 'invalidField' ? 'invalidDataField' : 'requestDataLengthInvalid');
    }
  }
}

function mayCall({ privilege }: CommandHandler, { session }: RequestContext): boolean {
  if (privilege === 'none') return true;
  return session !== undefined && privilegeSuffices(session.privilegeLevel, privilege);
}
