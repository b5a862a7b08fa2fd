/**
 * Runs `run` one call at a time. Calls that come while one is under way share the next one, which begins after all of
 * them were made and therefore sees the changes that they were made for.
 */
export function oneAtATime<T>(run: () => Promise<T>): () => Promise<T> {
  let running: Promise<unknown> | undefined;
  let next: Promise<T> | undefined;
  const begin = (): Promise<T> => {
    const result = run();
    running = result
      .catch(() => undefined)
      .then(() => {
        running = undefined;
      });
    return result;
  };
  return () => {
    if (next !== undefined) return next;
    if (running === undefined) return begin();
    next = running.then(() => {
      next = undefined;
      return begin();
    });
    return next;
  };
}
