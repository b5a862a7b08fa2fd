import type { CompletionCode } from '@vbmc/ipmi-codec';
import type { DomainAction, DomainActionOutcome } from './domain-action.ts';
import type { RequestContext } from './request-context.ts';

export type Refusal = Exclude<CompletionCode, 'ok'>;

/** A result that is known at once. */
export type ImmediateResult<Response> =
  | { readonly kind: 'response'; readonly value: Response }
  | { readonly kind: 'refused'; readonly completionCode: Refusal };

/** What a handler makes of a request. */
export type HandlerResult<Response> =
  | ImmediateResult<Response>
  /** The domain has to tell or do something first; `conclude` makes the result of what came of it. */
  | {
      readonly kind: 'domainAction';
      readonly action: DomainAction;
      readonly conclude: (outcome: DomainActionOutcome) => ImmediateResult<Response>;
    };

export type Handler<Request, Response> = (
  request: Request,
  context: RequestContext,
) => HandlerResult<Response>;

export const respond = <Response>(value: Response): ImmediateResult<Response> => ({
  kind: 'response',
  value,
});

export const refuse = (completionCode: Refusal): ImmediateResult<never> => ({
  kind: 'refused',
  completionCode,
});
