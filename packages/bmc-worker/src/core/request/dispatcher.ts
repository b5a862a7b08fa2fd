import {
  BMC_SLAVE_ADDRESS,
  DecodeError,
  netFn as netFnCodes,
  privilegeSuffices,
  type CompletionCode,
  type IpmiMessage,
} from '@vbmc/ipmi-codec';
import type { Bmc, CommandHandler, RequestContext, ResponseResult } from './commands/handler.ts';
import { completionCodeOnly } from './commands/response-data.ts';

function registryKey(netFn: number, command: number): number {
  return (netFn << 8) | command;
}

function answer(code: CompletionCode): ResponseResult {
  return { kind: 'response', data: completionCodeOnly(code) };
}

/** (NetFn, command) → handler. The one place where privileges are checked. */
export class Dispatcher {
  readonly #bmc: Bmc;
  readonly #handlers: ReadonlyMap<number, CommandHandler>;

  constructor(handlers: readonly CommandHandler[], bmc: Bmc) {
    this.#bmc = bmc;
    this.#handlers = new Map(
      handlers.map((handler) => [
        registryKey(netFnCodes[handler.command.netFn], handler.command.code),
        handler,
      ]),
    );
  }

  /** Unknown commands are answered at once: a dropped one would cost the remote console seconds. */
  dispatch(request: IpmiMessage, context: RequestContext): ResponseResult {
    // Addressed to a controller behind this one, and there is none.
    if (request.toAddress !== BMC_SLAVE_ADDRESS) return answer('destinationUnavailable');
    if (request.toLun !== 0) return answer('commandInvalidForLun');
    const handler = this.#handlers.get(registryKey(request.netFn, request.command));
    // Before a session the answer does not tell which commands there are.
    if (handler === undefined)
      return answer(context.session === undefined ? 'insufficientPrivilege' : 'invalidCommand');
    if (!mayCall(handler, context)) return answer('insufficientPrivilege');
    try {
      return handler.handle(request.data, this.#bmc, context);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      return answer(error.reason === 'invalidField' ? 'invalidDataField' : 'requestDataLengthInvalid');
    }
  }
}

function mayCall({ privilege }: CommandHandler, { session }: RequestContext): boolean {
  if (privilege === 'none') return true;
  return session !== undefined && privilegeSuffices(session.privilegeLevel, privilege);
}
