import type { CompletionCode } from '@vbmc/ipmi-codec';

export type Refusal = Exclude<CompletionCode, 'ok'>;

/** A result that is known at once. */
export type ImmediateResult<Response> =
  | { readonly kind: 'response'; readonly value: Response }
  | { readonly kind: 'refused'; readonly completionCode: Refusal };

export const respond = <Response>(value: Response): ImmediateResult<Response> => ({
  kind: 'response',
  value,
});

export const refuse = (completionCode: Refusal): ImmediateResult<never> => ({
  kind: 'refused',
  completionCode,
});
