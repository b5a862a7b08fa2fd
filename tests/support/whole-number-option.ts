/** The value of an option `--NAME NUMBER`, or its default. Prints the usage and ends the process with 2 if it is no whole number. */
export function wholeNumberOption(text: string | undefined, otherwise: number, usage: string): number {
  const value = text === undefined ? otherwise : Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  process.stderr.write(`${usage}\n`);
  process.exit(2);
}

/** Another one for each run, and short enough to type. */
export function anySeed(): number {
  return Date.now() % 2 ** 31;
}
