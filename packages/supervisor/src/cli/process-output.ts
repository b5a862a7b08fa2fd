import type { Output } from './command.ts';

/** This process's own standard output and error. */
export const processOutput: Output = {
  result: (text) => process.stdout.write(text),
  problem: (text) => process.stderr.write(text),
};
