/** What is wrong, and what the operator can do about it. Never holds a secret. */
export interface Problem {
  readonly message: string;
  /** Absent when the message already says it. */
  readonly remedy?: string;
}

/** The one place that joins the two; no code takes them apart again. */
export function problemText({ message, remedy }: Problem): string {
  return remedy === undefined ? message : `${message}: ${remedy}`;
}
