/**
 * Runs `run` one call at a time. Calls that come while one is under way share the next one, which begins after all of
 * them were made and therefore sees the changes that they were made for. `run` gets the arguments of all of them.
 */
export function oneAtATime<T, A>(run: (calls: readonly A[]) => Promise<T>): (call: A) => Promise<T> {
  let running: Promise<unknown> | undefined;
  let next: { readonly calls: A[]; readonly result: Promise<T> } | undefined;
  const begin = (calls: readonly A[]): Promise<T> => {
    const result = run(calls);
    running = result
      .catch(() => undefined)
      .then(() => {
        running = undefined;
      });
    return result;
  };
  return (call) => {
    if (next !== undefined) {
      next.calls.push(call);
      return next.result;
    }
    if (running === undefined) return begin([call]);
    const calls = [call];
    const result = running.then(() => {
      next = undefined;
      return begin(calls);
    });
    next = { calls, result };
    return result;
  };
}
