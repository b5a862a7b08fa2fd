/** `vbmc validate` */
import { formatDiagnostic, type Diagnostic } from '../../inventory/diagnostic.ts';
import { checkInventory, readInventoryFiles } from '../../inventory/read-inventory.ts';
import type { Command } from '../command.ts';
import { exitCodes } from '../exit-code.ts';
import { reportingFailures } from '../errors.ts';
import { inventoryFile, locateInventory } from '../live-inventory.ts';

export const validate: Command = {
  name: 'validate',
  description: 'check an inventory; needs no vbmcd',
  arguments: [inventoryFile],
  options: [{ flags: '--json', description: 'print JSON: errors, warnings, and how many BMCs are valid' }],
  help: `
All errors and warnings at once, one per line, to standard output: FILE:LINE: [SECTION] key: what is wrong.
The files of the include directory are checked with it. systemd's credentials, which only the service has,
are not.

Exit codes:
  0  no error; there may be warnings
  1  errors, or the file cannot be read
  2  the command line is wrong

Examples:
  vbmc validate
  vbmc validate ./domains.ini && sudo install -m 600 domains.ini /etc/vbmc/`,
  run: reportingFailures(async (options, output, [file]) => {
    const path = file ?? (await locateInventory(options)).path;
    const inventory = checkInventory(await readInventoryFiles(path), 'commandLine');
    const ofSeverity = (severity: Diagnostic['severity']): string[] =>
      inventory.diagnostics
        .filter((diagnostic) => diagnostic.severity === severity)
        .map((diagnostic) => formatDiagnostic(path, diagnostic));
    const [errors, warnings] = [ofSeverity('error'), ofSeverity('warning')];
    if (options['json'] === true) {
      const valid = inventory.entries.filter((entry) => entry.valid).length;
      const invalid = inventory.entries.length - valid;
      const answer = { inventory: path, bmcs: { valid, invalid }, errors, warnings };
      output.result(`${JSON.stringify(answer, null, 2)}\n`);
    } else {
      const all = inventory.diagnostics.map((diagnostic) => formatDiagnostic(path, diagnostic));
      output.result(all.map((line) => `${line}\n`).join(''));
    }
    return errors.length === 0 ? exitCodes.done : exitCodes.failed;
  }),
};
