/** `vbmc doctor` */
import { userInfo } from 'node:os';
import type { Finding } from './finding.ts';
import { printable } from '../../text/printable.ts';
import { virshQueries, type VirshQueries } from '../../virsh/virsh-query.ts';
import type { Command } from '../command.ts';
import {
  checkConnections,
  checkDaemon,
  checkInventoryFiles,
  checkPorts,
  checkVirsh,
} from './doctor-checks.ts';
import { exitCodes } from '../exit-code.ts';
import { reportingFailures } from '../errors.ts';
import { inventoryOption } from '../live-inventory.ts';

export function doctorCommand(virsh: VirshQueries = virshQueries()): Command {
  return {
    name: 'doctor',
    description: 'find out why something does not work, and what to do',
    options: [inventoryOption, { flags: '--json', description: 'print JSON: an array of findings' }],
    help: `
Looks at virsh, the inventory with its permissions, every connection URI and domain in it, and the ports; each
finding comes with its remedy. What a user may do is tried as the user that runs this: run it as the user of
vbmcd to see with its eyes.

Exit codes:
  0  no errors; there may be warnings
  1  errors
  2  the command line is wrong

Examples:
  vbmc doctor
  sudo -u vbmc vbmc doctor --json`,
    run: reportingFailures(async (options, output) => {
      const { username } = userInfo();
      const [daemon, tool] = await Promise.all([checkDaemon(options), checkVirsh(virsh)]);
      const files = await checkInventoryFiles(daemon.place);
      const [connections, ports] = await Promise.all([
        tool.severity === 'error' ? [] : checkConnections(files.settings, virsh, username),
        checkPorts(files.settings, daemon.running),
      ]);
      const findings = [tool, ...daemon.findings, ...files.findings, ...connections, ...ports];
      const text = findings.map(render).join('');
      output.result(options['json'] === true ? `${JSON.stringify(findings, null, 2)}\n` : text);
      return findings.some(({ severity }) => severity === 'error') ? exitCodes.failed : exitCodes.done;
    }),
  };
}

function render({ severity, subject, message, remedy }: Finding): string {
  const line = `${severity.padEnd(7)}  ${printable(subject)}: ${printable(message, 2000)}\n`;
  return remedy === undefined ? line : `${line}         -> ${printable(remedy, 2000)}\n`;
}
