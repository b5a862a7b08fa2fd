import type { Subscription } from '#supervisor/domain-watch/watch-subscribers.ts';

function nothing(): void {
  return undefined;
}

/** A subscription to a domain of which the domain watch tells nothing. */
export const quietSubscription: Subscription = {
  noteUnanswered: nothing,
  noteStart: nothing,
  trouble: () => undefined,
  facts: () => ({}),
  end: nothing,
};
