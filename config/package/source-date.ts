/** The time of everything that is packed. */
import { statSync } from 'node:fs';
import { CHECKOUT, inCheckout } from './checkout.ts';
import { runProgram } from './run-program.ts';

/** Seconds since 1970: SOURCE_DATE_EPOCH, or the time of the last commit. */
export function sourceDate(): number {
  return Number(process.env['SOURCE_DATE_EPOCH'] ?? lastCommit());
}

/** Without a repository, another time that does not change. */
function lastCommit(): string {
  try {
    return runProgram('git', ['log', '-1', '--format=%ct'], { cwd: CHECKOUT }).trim();
  } catch {
    return String(Math.floor(statSync(inCheckout('package-lock.json')).mtimeMs / 1000));
  }
}
