import type { CompletionCode } from '@vbmc/ipmi-codec';

export type Refusal = Exclude<CompletionCode, 'ok'>;

/** A result that needs no domain action. */
export type ImmediateResult<Response> =
  | { readonly kind: 'response'; readonly value: Response }
  | { readonly kind: 'refused'; readonly completionCode: Refusal };

export function respond<Response>(value: Response): ImmediateResult<Response> {
  return {
    kind: 'response',
    value,
  };
}

export function refuse(completionCode: Refusal): ImmediateResult<never> {
  return {
    kind: 'refused',
    completionCode,
  };
}
