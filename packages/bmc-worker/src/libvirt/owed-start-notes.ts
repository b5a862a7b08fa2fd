import type { OwedStart, OwedStartEnd } from '../core/terms/domain-action.ts';

/** Where this process notes which start it owes, so that the note outlives it. No method rejects, or takes long. */
export interface OwedStartNotes {
  /** Whether there may be a note that nobody has taken back. */
  readonly mayExist: boolean;
  /** Whether the domain has been started since the note, by whomever. */
  readonly isOvertaken: boolean;
  /** Resolves with whether there is a note: on disk, or at least in the memory of its keeper, which has then been reported. */
  note(start: OwedStart): Promise<boolean>;
  /** The domain is about to be destroyed. Without this nobody owes the start, whatever switches the domain off. */
  noteDestroy(): void;
  /**
   * Takes the note back, or leaves it (`left`). `why` is for the log; `unusedOverride` is the id of a boot override that was
   * announced for the start, and that no start has used. Resolves with the reason if what is on disk may still ask for the start.
   */
  end(how: OwedStartEnd, why?: string, unusedOverride?: string): Promise<string | undefined>;
}

/** For a process that has nobody to keep its notes. */
export const noNotes: OwedStartNotes = {
  mayExist: false,
  isOvertaken: false,
  note: () => Promise.resolve(true),
  noteDestroy: () => undefined,
  end: () => Promise.resolve(undefined),
};
