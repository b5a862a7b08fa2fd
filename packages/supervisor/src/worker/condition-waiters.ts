/** Promises that resolve once a condition holds. */
export class ConditionWaiters {
  readonly #checks = new Set<() => void>();

  /** Resolves when `condition` holds: now, or at a later call of `check`. */
  async until(condition: () => boolean): Promise<void> {
    if (condition()) return;
    await new Promise<void>((resolve) => {
      const check = (): void => {
        if (!condition()) return;
        this.#checks.delete(check);
        resolve();
      };
      this.#checks.add(check);
    });
  }

  /** To be called after each change that may make a condition hold. */
  check(): void {
    for (const check of [...this.#checks]) check();
  }
}
