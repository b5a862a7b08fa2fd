import type { Clock } from '../host/clock.ts';

/** Resolves with what `promise` resolves with, or with `undefined` after `limitMs`. */
export async function within<T>(clock: Clock, limitMs: number, promise: Promise<T>): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(limitMs, () => {
      resolve(undefined);
    });
    void promise.then(resolve, reject).finally(cancel);
  });
}

/** Resolves with whether `promise` resolves within `limitMs`. */
export async function isOverWithin(
  clock: Clock,
  limitMs: number,
  promise: Promise<unknown>,
): Promise<boolean> {
  return (
    (await within(
      clock,
      limitMs,
      promise.then(() => true),
    )) === true
  );
}
