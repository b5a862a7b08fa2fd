/** How an acceptance run begins and ends: its report, its exit code, and what an interrupt does. */
import { interruption } from '#lab/interruption.ts';
import { makeReport, type Report } from './report.ts';

export interface AcceptanceRun {
  readonly report: Report;
  readonly print: (line: string) => void;
  /** Waits for the work, and fails when the operator interrupts the run. Everything that was started is stopped all the same. */
  readonly unlessInterrupted: <T>(work: Promise<T>) => Promise<T>;
  /**
   * Aborted when the operator interrupts the run, for work that ends by itself then, to tell how far it came.
   * `throwIfAborted` ends the run.
   */
  readonly signal: AbortSignal;
}

class Interrupted extends Error {}

/**
 * Ends the process: with 0 when all steps have passed, 1 when one or the run itself has failed, and 130 when it was interrupted.
 * `command` is what was typed.
 */
export function runAcceptance(command: string, run: (run: AcceptanceRun) => Promise<void>): void {
  const print = (line: string): void => {
    process.stdout.write(`${line}\n`);
  };
  const controller = new AbortController();
  const interrupted = interruption().then(() => {
    const reason = new Interrupted();
    controller.abort(reason);
    return Promise.reject(reason);
  });
  // The rejection is handled where the promise is awaited.
  interrupted.catch(() => undefined);
  const report = makeReport(print);
  const unlessInterrupted = <T>(work: Promise<T>): Promise<T> => Promise.race([work, interrupted]);
  run({ report, print, unlessInterrupted, signal: controller.signal }).then(
    () => process.exit(report.summarize() ? 0 : 1),
    (error: unknown) => {
      if (error instanceof Interrupted) process.exit(130);
      process.stderr.write(`${command}: ${error instanceof Error ? error.message : String(error)}\n`);
      process.exit(1);
    },
  );
}
