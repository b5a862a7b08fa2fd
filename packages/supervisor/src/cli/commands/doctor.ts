/** `vbmc doctor` */
import { parentDeathPrefix } from '@vbmc/bmc-worker/libvirt';
import { resolveName, type ResolveName } from '../../host/resolve-name.ts';
import { printable } from '../../text/printable.ts';
import { virshQueries, type VirshQueries } from '../../virsh/virsh-query.ts';
import type { Command } from '../command.ts';
import { defineCommand } from '../define-command.ts';
import { exitCodes, localExitCodes } from '../exit-code.ts';
import { inventoryOption } from '../live-inventory.ts';
import { flag } from '../options.ts';
import { printJson } from '../output.ts';
import { askDaemon, askOurselves } from './ask-connections.ts';
import { checkOldInstallation } from './check-old-installation.ts';
import { checkOwnPaths } from './check-own-paths.ts';
import {
  checkConnections,
  checkDaemon,
  checkInventoryFiles,
  checkPorts,
  checkSetpriv,
  checkVirsh,
} from './doctor-checks.ts';
import type { Finding } from './finding.ts';

export function doctorCommand(
  virsh: VirshQueries = virshQueries(),
  probeSetpriv = parentDeathPrefix,
  resolve: ResolveName = resolveName,
): Command {
  return defineCommand({
    name: 'doctor',
    description: 'find out why something does not work, and how to fix it',
    options: { inventory: inventoryOption, json: flag('print JSON: an array of findings') },
    help: {
      paragraphs: [
        'Checks virsh and setpriv, the inventory and its permissions, every connection URI and domain in it, the ports and host names, and what VirtualBMC has left on this machine. Each finding comes with its remedy. A running vbmcd asks libvirt itself, as its own user and within its sandbox. Without one, vbmc doctor asks with the permissions of the user who runs it; root asks as the user vbmc, if there is one.',
      ],
      exitCodes: { ...localExitCodes, 0: 'no errors; there may be warnings', 1: 'errors' },
      examples: ['vbmc doctor', 'sudo vbmc doctor --json'],
    },
    run: async (options, output) => {
      const [daemon, tool, setpriv] = await Promise.all([
        checkDaemon(options),
        checkVirsh(virsh),
        probeSetpriv().then(checkSetpriv),
      ]);
      const files = await checkInventoryFiles(daemon.place);
      const checkLibvirt = async (): Promise<readonly Finding[]> => {
        const daemonAsks = daemon.place.live ? await askDaemon(options.runDir) : undefined;
        return checkConnections(files.settings, daemonAsks ?? askOurselves(virsh), daemon.unanswered);
      };
      const [connections, ports] = await Promise.all([
        tool.severity === 'error' ? [] : checkLibvirt(),
        checkPorts(files.settings, daemon, resolve),
      ]);
      const own = [...checkOwnPaths(), ...checkOldInstallation()];
      const findings = [
        tool,
        ...setpriv,
        ...own,
        ...daemon.findings,
        ...files.findings,
        ...connections,
        ...ports,
      ];
      if (options.json) printJson(output, findings);
      else output.result(findings.map(render).join(''));
      return findings.some(({ severity }) => severity === 'error') ? exitCodes.failed : exitCodes.done;
    },
  });
}

function render({ severity, subject, message, remedy }: Finding): string {
  const line = `${severity.padEnd(7)}  ${printable(subject)}: ${printable(message, 2000)}\n`;
  return remedy === undefined ? line : `${line}         -> ${printable(remedy, 2000)}\n`;
}
