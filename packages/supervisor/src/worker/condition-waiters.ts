/** Those who wait until something is so. */
export class ConditionWaiters {
  readonly #looks = new Set<() => void>();

  /** Resolves when `condition` holds: now, or when `look` finds it so. */
  async until(condition: () => boolean): Promise<void> {
    if (condition()) return;
    await new Promise<void>((resolve) => {
      const look = (): void => {
        if (!condition()) return;
        this.#looks.delete(look);
        resolve();
      };
      this.#looks.add(look);
    });
  }

  /** To be called when something has changed. */
  look(): void {
    for (const look of [...this.#looks]) look();
  }
}
