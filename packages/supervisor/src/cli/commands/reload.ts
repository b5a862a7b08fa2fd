/** `vbmc reload` */
import { printable } from '../../text/printable.ts';
import { reloadKinds } from '../../fleet/reload-plan.ts';
import {
  countReload,
  failuresAmong,
  type AppliedReload,
  type ReloadResult,
} from '../../fleet/reload-result.ts';
import type { Command } from '../command.ts';
import { exitCodes, type ExitCode } from '../exit-code.ts';
import { reportingFailures } from '../errors.ts';
import { renderProblems } from '../render-problems.ts';
import { requestReload } from '../live-inventory.ts';

export const reload: Command = {
  name: 'reload',
  description: 'bring the inventory as it is now into force',
  options: [{ flags: '--json', description: 'print JSON: what was done, or the errors' }],
  help: `
If anything in the inventory is wrong, nothing changes, and every error is printed with file and line. If it
is right, only what differs is touched: BMCs are added, removed, started anew (changed) or told their new
users and passwords (updated); all others keep their process and their sessions. Returns when that is done.

Exit codes:
  0  the inventory is in force, and every BMC that was touched answers, or waits for its address (a warning)
  2  the command line is wrong
  3  vbmcd is not running
  4  no permission to talk to vbmcd
  5  the inventory has errors, nothing was changed
  6  the inventory is in force, and a BMC that was started does not answer (yet) although its address is there

Examples:
  vbmc reload
  vbmc reload --json | jq .added`,
  run: reportingFailures(async (options, output) => {
    const result = await requestReload(String(options['runDir']));
    if (options['json'] === true) output.result(`${JSON.stringify(result, null, 2)}\n`);
    else if (result.outcome === 'applied') output.result(renderReload(result));
    if (result.outcome === 'rejected' && options['json'] !== true) {
      for (const error of result.errors) output.problem(`${printable(error, 2000)}\n`);
      output.problem(`vbmc: ${countErrors(result.errors.length)} in the inventory: nothing was changed\n`);
    }
    if (options['json'] !== true) {
      if (result.outcome === 'applied') output.problem(renderProblems(result.problems));
      for (const warning of result.warnings) output.problem(`${printable(warning, 2000)}\n`);
    }
    return exitCodeOf(result);
  }),
};

export function exitCodeOf(result: ReloadResult): ExitCode {
  if (result.outcome === 'rejected') return exitCodes.inventoryRejected;
  return failuresAmong(result.problems).length === 0 ? exitCodes.done : exitCodes.notAnswering;
}

const namedKinds = reloadKinds.filter((kind) => kind !== 'unchanged');

/** The counts, then the names of what was touched. */
export function renderReload(result: AppliedReload): string {
  const width = Math.max(...namedKinds.map((kind) => kind.length));
  const lines = [`reloaded in ${(result.durationMs / 1000).toFixed(2)} s: ${countReload(result)}`];
  for (const kind of namedKinds) {
    for (const name of result[kind]) lines.push(`  ${kind.padEnd(width)}  ${printable(name)}`);
  }
  return lines.map((line) => `${line}\n`).join('');
}

function countErrors(count: number): string {
  return count === 1 ? '1 error' : `${count} errors`;
}
