/** Where a command writes. */

export interface Output {
  /** Results, to standard output. */
  readonly result: (text: string) => void;
  /** Problems, to standard error. */
  readonly problem: (text: string) => void;
}

/** This process's own standard output and error. */
export const processOutput: Output = {
  result: (text) => process.stdout.write(text),
  problem: (text) => process.stderr.write(text),
};

/** One value, indented. */
export function printJson(output: Output, value: unknown): void {
  output.result(`${JSON.stringify(value, null, 2)}\n`);
}

/** One value on one line, for streams of values. */
export function printJsonLine(output: Output, value: unknown): void {
  output.result(`${JSON.stringify(value)}\n`);
}
