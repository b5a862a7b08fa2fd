/** What really happens to a domain is in its event log, once, in the words of ipmitool and of ipmi-sel. */
import { LINUX_BOOT_MS } from '#lab/linux-guest/linux-disk.ts';
import type { Lab } from '#lab/lab.ts';
import { waitFor } from '#support/wait-for.ts';
import { clearEventLog, logged } from './event-log.ts';

const panic = { ipmitool: /Run-time critical stop \| Asserted/, freeipmi: /Run-time Critical Stop/i };

/** A reboot by the guest, an NMI by a client, and a kernel that panics. */
export async function rebootNmiPanic(lab: Lab, index: number): Promise<string> {
  const guest = lab.guest(index);
  const { name } = guest;
  const boots = (): number => lab.serialLog(name).split('boot disk').length;
  const before = boots();
  await clearEventLog(lab, index);
  await guest.type('r');
  await waitFor('Linux to boot', () => boots() > before, { timeoutMs: LINUX_BOOT_MS });
  await lab.ipmitool(lab.bmc(index), ['chassis', 'power', 'diag']);
  await guest.type('p');
  await logged(lab, index, panic);
  await logged(lab, index, { ipmitool: /Initiated by warm reset/, freeipmi: /Initiated by warm reset/ });
  await logged(lab, index, { ipmitool: /NMI\/Diag Interrupt/, freeipmi: /NMI/ });
  return 'once each, in ipmitool and ipmi-sel';
}

/**
 * A machine check of an uncorrected error, which QEMU makes also where it emulates the processor, and tells as it tells one of the
 * host's memory. Linux panics at it.
 */
export async function memoryFailure(lab: Lab, index: number): Promise<string> {
  await clearEventLog(lab, index);
  const machineCheck = 'mce 0 9 0xbd000000000000c0 0x5 0x100000 0x8c';
  await lab.libvirt.virsh('qemu-monitor-command', lab.bmc(index).domain, '--hmp', machineCheck);
  await logged(lab, index, {
    ipmitool: /\| Memory Memory \| Uncorrectable ECC \| Asserted/,
    freeipmi: /\| Memory .*Assertion Event +\| Uncorrectable memory error/,
  });
  await logged(lab, index, panic);
  return 'Uncorrectable ECC, and the panic that Linux answers with, once each';
}
