import { setTimeout as sleep } from 'node:timers/promises';

export interface WaitOptions {
  readonly timeoutMs?: number;
  readonly intervalMs?: number;
}

/**
 * Asks until the condition holds, and returns what it said. A condition that throws does not hold yet; its
 * last word is in the message when time is up.
 */
export async function waitFor<T>(
  what: string,
  condition: () => T | Promise<T>,
  { timeoutMs = 10_000, intervalMs = 20 }: WaitOptions = {},
): Promise<NonNullable<T>> {
  const deadline = Date.now() + timeoutMs;
  let lastWord: unknown;
  for (;;) {
    try {
      lastWord = await condition();
      if (lastWord !== undefined && lastWord !== null && lastWord !== false)
        return lastWord as NonNullable<T>;
    } catch (error) {
      lastWord = error;
    }
    if (Date.now() >= deadline) {
      throw new Error(`waited ${timeoutMs} ms for ${what}; the last word was: ${String(lastWord)}`);
    }
    await sleep(intervalMs);
  }
}
