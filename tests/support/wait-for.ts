import { setTimeout as sleep } from 'node:timers/promises';

export interface WaitOptions {
  readonly timeoutMs?: number;
  readonly intervalMs?: number;
}

/**
 * Evaluates the condition until it holds, and returns its value. A condition that throws does not hold yet; its
 * last error is in the message when time is up. The default limit only ends a wait that hangs: no test relies on it.
 */
export async function waitFor<T>(
  what: string,
  condition: () => T | Promise<T>,
  { timeoutMs = 60_000, intervalMs = 20 }: WaitOptions = {},
): Promise<NonNullable<T>> {
  const deadline = Date.now() + timeoutMs;
  let lastResult: unknown;
  for (;;) {
    try {
      lastResult = await condition();
      if (lastResult !== undefined && lastResult !== null && lastResult !== false)
        return lastResult as NonNullable<T>;
    } catch (error) {
      lastResult = error;
    }
    if (Date.now() >= deadline) {
      throw new Error(`waited ${timeoutMs} ms for ${what}; the last result was: ${String(lastResult)}`);
    }
    await sleep(intervalMs);
  }
}
