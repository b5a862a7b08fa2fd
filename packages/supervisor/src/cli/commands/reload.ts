/** `vbmc reload` */
import { reloadKinds } from '../../fleet/reload-plan.ts';
import {
  countReload,
  failuresAmong,
  type AppliedReload,
  type ReloadResult,
} from '../../fleet/reload-result.ts';
import { printable } from '../../text/printable.ts';
import { renderProblems } from '../change-inventory.ts';
import { defineCommand } from '../define-command.ts';
import { allExitCodes, exitCodes, type ExitCode } from '../exit-code.ts';
import { requestReload } from '../live-inventory.ts';
import { flag } from '../options.ts';
import { printJson, type Output } from '../output.ts';

export const reloadCommand = defineCommand({
  name: 'reload',
  description: 'apply the current inventory',
  options: {
    allowRemoval: flag('apply it even if that removes all BMCs, or more than half of four or more'),
    json: flag('print JSON: what was done, or the errors'),
  },
  help: {
    paragraphs: [
      'If the inventory has errors, nothing changes, and every error is printed with file and line. Otherwise vbmcd touches only the BMCs that differ: it adds, removes or restarts them (changed), or gives them their new users and passwords (updated). All other BMCs keep their process and their sessions. vbmc reload returns when all of that is done.',
      'An error in a file of VirtualBMC (virtualbmc_dir) concerns its BMC alone: that BMC stays as it was, with a warning in vbmc list, and everything else is applied.',
      'An inventory that removes all BMCs, or more than half of four or more, is refused like one with errors: it may be empty or cut off by accident. --allow-removal applies it; so does allow_removal = yes in its section [vbmc], for an inventory that a program writes.',
    ],
    exitCodes: {
      ...allExitCodes,
      0: 'the inventory was applied, and every BMC that was touched answers, or waits for its address (a warning)',
      6: 'the inventory was applied, but a BMC that was started does not answer yet although its address exists, or a file of VirtualBMC has errors',
    },
    examples: ['vbmc reload', 'vbmc reload --allow-removal', 'vbmc reload --json | jq .added'],
  },
  run: async ({ runDir, allowRemoval, json }, output) => {
    const result = await requestReload(runDir, { allowRemoval, removes: [] });
    if (json) printJson(output, result);
    else printReload(result, output);
    return exitCodeOf(result);
  },
});

function printReload(result: ReloadResult, output: Output): void {
  if (result.outcome === 'applied') {
    output.result(renderReload(result));
    output.problem(renderProblems(result.problems));
  } else {
    for (const error of result.errors) output.problem(`${printable(error, 2000)}\n`);
    output.problem(
      `vbmc: the inventory is refused (${countErrors(result.errors.length)}); nothing was changed\n`,
    );
  }
  for (const warning of result.warnings) output.problem(`${printable(warning, 2000)}\n`);
}

export function exitCodeOf(result: ReloadResult): ExitCode {
  if (result.outcome === 'rejected') return exitCodes.inventoryRejected;
  return failuresAmong(result.problems).length === 0 ? exitCodes.done : exitCodes.notAnswering;
}

const namedKinds = reloadKinds.filter((kind) => kind !== 'unchanged');

/** The counts, then the names of the BMCs that were touched. */
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
