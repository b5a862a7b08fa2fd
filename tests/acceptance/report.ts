/** Prints each step as it ends, and at the end how many passed, failed and were skipped. */

export interface Report {
  /** Runs a step and prints what it returns. A failure is printed too, and the run continues. */
  step(name: string, run: () => Promise<string>): Promise<boolean>;
  skip(name: string, reason: string): void;
  /** Whether none failed. */
  summarize(): boolean;
}

export function makeReport(print: (line: string) => void): Report {
  const count = { passed: 0, failed: 0, skipped: 0 };
  const reasons: string[] = [];
  return {
    step: async (name, run) => {
      const startedAt = performance.now();
      const seconds = (): string => `${((performance.now() - startedAt) / 1000).toFixed(1).padStart(6)} s`;
      try {
        const detail = await run();
        count.passed += 1;
        print(`PASS  ${name.padEnd(34)} ${seconds()}  ${detail}`);
        return true;
      } catch (error) {
        count.failed += 1;
        const reason = error instanceof Error ? error.message : String(error);
        reasons.push(`failed:  ${name}: ${reason}`);
        print(`FAIL  ${name.padEnd(34)} ${seconds()}  ${reason}`);
        return false;
      }
    },
    skip: (name, reason) => {
      count.skipped += 1;
      reasons.push(`skipped: ${name}: ${reason}`);
      print(`SKIP  ${name.padEnd(34)}           ${reason}`);
    },
    summarize: () => {
      print(`\n${reasons.join('\n')}${reasons.length > 0 ? '\n\n' : ''}In all:`);
      print(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
      return count.failed === 0;
    },
  };
}
