/** What the workers of hostile-worker.ts have written. */
import type { ViolationKind } from '#supervisor/status/channel-violation.ts';

/** One worker's life. */
export interface HostileLife {
  readonly written: number;
  /** Up to the first line that breaks a rule, and with it. */
  readonly judged: number;
  /** Absent if no line breaks a rule. */
  readonly violation?: ViolationKind;
}

export function readLives(text: string): readonly HostileLife[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as HostileLife);
}
