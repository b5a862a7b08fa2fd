/** `vbmc validate` */
import { formatDiagnostic, type Diagnostic } from '../../inventory/diagnostic.ts';
import { checkInventory, readInventoryFiles } from '../../inventory/read-inventory.ts';
import { defined } from '../../text/records.ts';
import { defineCommand } from '../define-command.ts';
import { exitCodes, localExitCodes } from '../exit-code.ts';
import { inventoryFile, locateInventory } from '../live-inventory.ts';
import { flag } from '../options.ts';
import { printJson } from '../output.ts';

/** Valid, and hardly ever meant: a file that was cut off, or a template that rendered nothing. */
const noBmc: Diagnostic = {
  severity: 'warning',
  message: 'there is no BMC in it',
  remedy: 'write a section [NAME] with a password for each domain',
};

export const validateCommand = defineCommand({
  name: 'validate',
  description: 'check an inventory; needs no vbmcd',
  arguments: [inventoryFile],
  options: { json: flag('print JSON: errors, warnings, and how many BMCs are valid') },
  help: {
    paragraphs: [
      'Prints all errors and warnings at once to standard output, one per line: FILE:LINE: [SECTION] key: message. The files of the include directory are checked as well. Credentials from systemd are not, because only the service can read them.',
    ],
    exitCodes: {
      ...localExitCodes,
      0: 'no errors; there may be warnings',
      1: 'errors, or the file cannot be read',
    },
    examples: ['vbmc validate', 'vbmc validate ./domains.ini && sudo install -m 600 domains.ini /etc/vbmc/'],
  },
  run: async ({ runDir, json }, output, [file]) => {
    const place = file === undefined ? await locateInventory({ runDir }) : undefined;
    const path = place?.path ?? file ?? '';
    const files = await readInventoryFiles(path, defined({ virtualBmc: place?.virtualBmc }));
    const { diagnostics: found, entries } = await checkInventory(files, 'commandLine');
    const diagnostics = entries.length === 0 ? [...found, noBmc] : found;
    const format = (diagnostic: Diagnostic): string => formatDiagnostic(path, diagnostic);
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    if (json) {
      const warnings = diagnostics.filter(({ severity }) => severity === 'warning');
      const valid = entries.filter((entry) => entry.valid).length;
      printJson(output, {
        inventory: path,
        bmcs: { valid, invalid: entries.length - valid },
        errors: errors.map(format),
        warnings: warnings.map(format),
      });
    } else {
      output.result(diagnostics.map((diagnostic) => `${format(diagnostic)}\n`).join(''));
    }
    return errors.length === 0 ? exitCodes.done : exitCodes.failed;
  },
});
