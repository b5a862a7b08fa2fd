/** Errors that the operator can put right: reported as one line with its remedy, without a stack trace. */
import type { Problem } from '../text/problem.ts';

export interface OperatorErrorOptions extends ErrorOptions {
  readonly remedy?: string;
  readonly hasLines?: boolean;
}

export abstract class OperatorError extends Error implements Problem {
  readonly remedy?: string;
  /** Whether the message is several lines, each of which is printable already. */
  readonly hasLines: boolean;

  constructor(message: string, { remedy, hasLines = false, ...options }: OperatorErrorOptions = {}) {
    super(message, options);
    this.hasLines = hasLines;
    if (remedy !== undefined) this.remedy = remedy;
  }
}

/** The program refuses to do what it was asked for, or cannot do it. */
export class Refusal extends OperatorError {
  override readonly name = 'Refusal';
}
