/** Clients that change the power or the boot device, with what virsh says of the domain afterwards. */
import { ipmiutil, openipmish, type ClientCheck } from './client-command.ts';

export interface PowerCheck extends ClientCheck {
  /** Default: running. */
  readonly from?: 'running' | 'shut off';
  readonly leaves: 'running' | 'shut off';
  /** What the guest says, once more, when it has booted. */
  readonly boots?: string;
}

export const powerChecks: readonly PowerCheck[] = [
  {
    ...openipmish(
      'openipmish',
      'switches off',
      ['control set d(23.1).power 0'],
      /Set done: d\(23\.1\)\.power/,
    ),
    leaves: 'shut off',
  },
  {
    ...openipmish('ipmish', 'switches on', ['control set d(23.1).power 1'], /Set done: d\(23\.1\)\.power/),
    ...{ from: 'shut off', leaves: 'running' },
  },
  { ...ipmiutil('power -d', /IPMI_Reset ok/), leaves: 'shut off' },
  { ...ipmiutil('power -u', /IPMI_Reset ok/), from: 'shut off', leaves: 'running' },
  { ...ipmiutil('power -c', /IPMI_Reset ok/), leaves: 'running' },
  { ...ipmiutil('power -p', /IPMI_Reset ok/), leaves: 'running', boots: 'boot net0' },
  { ...ipmiutil('power -v', /IPMI_Reset ok/), leaves: 'running', boots: 'boot cdrom' },
  { ...ipmiutil('reset -h', /IPMI_Reset ok/), leaves: 'running', boots: 'boot disk' },
  { ...ipmiutil('reset -r', /IPMI_Reset ok/), leaves: 'running', boots: 'boot disk' },
];
