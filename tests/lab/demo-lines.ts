import type { DemoDomain } from './demo-domains.ts';
import type { LabBmc } from './inventory-text.ts';
import type { PrivateLibvirt } from './private-libvirt.ts';
import type { LabVbmcd } from './vbmcd.ts';

/** A line for a shell in the checkout, and how to see whether its answer is true. */
export interface DemoLine {
  readonly command: string;
  readonly evidence: string;
  /** Both texts without white space at their ends. */
  readonly agrees: (answer: string, evidence: string) => boolean;
}

/** Says where this libvirt's socket is, so that it is found by any user and in any environment. */
function uriFromAnywhere(libvirt: PrivateLibvirt): string {
  return `${libvirt.connectionUri}?socket=${libvirt.daemon.socket}`;
}

export function virshLine(libvirt: PrivateLibvirt): string {
  return `virsh -c '${uriFromAnywhere(libvirt)}'`;
}

/** vbmcd itself needs no such address: its environment is the lab's. */
export function vbmcLine(vbmcd: LabVbmcd, verb: 'list' | 'doctor'): string {
  return `node_modules/.bin/vbmc --run-dir ${vbmcd.runDirectory} ${verb}`;
}

function ipmitoolLine(bmc: LabBmc, args: string): string {
  return `ipmitool -I lanplus -H ${bmc.address} -p ${bmc.port} -U ${bmc.username} -P ${bmc.password} ${args}`;
}

/** What an operator does with a server through its BMC, in an order that makes sense. */
export function demoLines(
  libvirt: PrivateLibvirt,
  vbmcd: LabVbmcd,
  bmc: LabBmc,
  domain: DemoDomain,
): DemoLine[] {
  const virsh = virshLine(libvirt);
  const ipmi = (args: string, evidence: string, agrees: DemoLine['agrees']): DemoLine => ({
    command: ipmitoolLine(bmc, args),
    evidence,
    agrees,
  });
  const domstate = `${virsh} domstate ${domain.name}`;
  const bootOrder = `${virsh} dumpxml --inactive ${domain.name} | grep -o '<boot .*'`;
  const both = (says: string, shows: string) => (answer: string, evidence: string) =>
    answer.includes(says) && evidence === shows;
  const networkFirst = (says: string) => (answer: string, evidence: string) =>
    answer.includes(says) && evidence.startsWith("<boot dev='network'/>");
  // ipmitool waits 10 s by default, which a power cycle without hardware virtualization may exceed.
  const cycle = '-N 5 -R 6 chassis power cycle';
  return [
    ipmi('chassis power status', domstate, both('Chassis Power is off', 'shut off')),
    ipmi('chassis power on', domstate, both('Up/On', 'running')),
    ipmi('chassis power status', domstate, both('Chassis Power is on', 'running')),
    ipmi('mc guid', `${virsh} domuuid ${domain.name}`, (answer, uuid) => answer.includes(uuid)),
    ipmi('chassis bootdev pxe', bootOrder, networkFirst('Set Boot Device to pxe')),
    ipmi('chassis bootparam get 5', bootOrder, networkFirst('Force PXE')),
    domain.serialLog === undefined
      ? ipmi(cycle, domstate, both('Cycle', 'running'))
      : // The guest says on its serial port which device it was booted from.
        ipmi(cycle, `tail -n 1 ${domain.serialLog}`, both('Cycle', 'boot net0')),
    domain.serialLog === undefined
      ? // The mock hypervisor knows no ACPI.
        ipmi('chassis power off', domstate, both('Down/Off', 'shut off'))
      : ipmi('chassis power soft', domstate, both('Soft', 'shut off')),
    {
      // Without a terminal it prints another table.
      command: `${vbmcLine(vbmcd, 'list')} --details`,
      evidence: domstate,
      agrees: (answer, evidence) =>
        new RegExp(`^${bmc.name} .* running +off `, 'm').test(answer) && evidence === 'shut off',
    },
    {
      // Nothing in the inventory of the demonstration is worth a warning.
      command: `node_modules/.bin/vbmc validate ${vbmcd.inventoryFile} && echo done`,
      evidence: 'echo done',
      agrees: (answer, evidence) => answer === evidence,
    },
    {
      // The libvirt of this lab, and not that of the user who runs it.
      command: vbmcLine(vbmcd, 'doctor'),
      evidence: `${virsh} list --all --name | grep -c .`,
      agrees: (answer, count) => answer.includes(`, ${count} domains`) && !/^(error|warning)/m.test(answer),
    },
  ];
}
