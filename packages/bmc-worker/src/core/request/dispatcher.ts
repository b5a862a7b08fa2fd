import {
  BMC_SLAVE_ADDRESS,
  completionCode,
  DecodeError,
  netFn as netFnCodes,
  privilegeSuffices,
  type Command,
  type CompletionCode,
  type IpmiMessage,
  type PrivilegeLevel,
} from '@vbmc/ipmi-codec';
import type { DomainAction, DomainActionOutcome } from '../terms/domain-action.ts';
import type { ImmediateResult } from '../terms/result.ts';
import type { Handler, RequestContext } from './handler.ts';

/** The least privilege that a command needs (v2.0 appendix G); `none`: answered before a session exists too. */
export type MinimumPrivilege = PrivilegeLevel | 'none';

/** A request's outcome, as the data of the response message: completion code and what follows. */
export type Dispatched =
  | { readonly kind: 'answer'; readonly data: Uint8Array }
  | {
      readonly kind: 'domainAction';
      readonly action: DomainAction;
      readonly conclude: (outcome: DomainActionOutcome) => Uint8Array;
    };

interface Registration {
  readonly minimumPrivilege: MinimumPrivilege;
  readonly dispatch: (data: Uint8Array, context: RequestContext) => Dispatched;
}

function registryKey(netFn: number, command: number): number {
  return (netFn << 8) | command;
}

/** Response data of a completion code alone. */
export function completionCodeOnly(code: CompletionCode): Uint8Array {
  return Uint8Array.of(completionCode[code]);
}

function answer(code: CompletionCode): Dispatched {
  return { kind: 'answer', data: completionCodeOnly(code) };
}

/** (NetFn, command) → handler. The one place where privileges are checked. */
export class Dispatcher {
  readonly #registry = new Map<number, Registration>();

  register<Request, Response>(
    command: Command<Request, Response>,
    minimumPrivilege: MinimumPrivilege,
    handler: Handler<Request, Response>,
  ): void {
    const encode = (result: ImmediateResult<Response>): Uint8Array => {
      if (result.kind === 'refused') return completionCodeOnly(result.completionCode);
      const data = command.response.encode(result.value);
      const whole = new Uint8Array(1 + data.length);
      whole.set(data, 1);
      return whole;
    };
    this.#registry.set(registryKey(netFnCodes[command.netFn], command.code), {
      minimumPrivilege,
      dispatch: (data, context) => {
        const result = handler(command.request.decode(data), context);
        if (result.kind !== 'domainAction') return { kind: 'answer', data: encode(result) };
        return { ...result, conclude: (outcome) => encode(result.conclude(outcome)) };
      },
    });
  }

  /** Unknown commands get C1h at once: a dropped one would cost the remote console seconds. */
  dispatch(request: IpmiMessage, context: RequestContext): Dispatched {
    // Meant for another controller, and there is none behind this one.
    if (request.toAddress !== BMC_SLAVE_ADDRESS) return answer('destinationUnavailable');
    if (request.toLun !== 0) return answer('commandInvalidForLun');
    const registration = this.#registry.get(registryKey(request.netFn, request.command));
    if (registration === undefined) return answer('invalidCommand');
    const { minimumPrivilege, dispatch } = registration;
    if (
      minimumPrivilege !== 'none' &&
      (context.session === undefined || !privilegeSuffices(context.session.privilegeLevel, minimumPrivilege))
    ) {
      return answer('insufficientPrivilege');
    }
    try {
      return dispatch(request.data, context);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      return answer(error.reason === 'invalidField' ? 'invalidDataField' : 'requestDataLengthInvalid');
    }
  }
}
