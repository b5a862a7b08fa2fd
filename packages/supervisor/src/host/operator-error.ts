/** Errors that the operator can put right: reported as one line with its remedy, without a stack trace. */
import type { Problem } from '../text/problem.ts';

export abstract class OperatorError extends Error implements Problem {
  readonly remedy?: string;

  constructor(message: string, { remedy, ...options }: ErrorOptions & { readonly remedy?: string } = {}) {
    super(message, options);
    if (remedy !== undefined) this.remedy = remedy;
  }
}

/** The program refuses to do what it was asked for, or cannot do it. */
export class Refusal extends OperatorError {
  override readonly name = 'Refusal';
}
