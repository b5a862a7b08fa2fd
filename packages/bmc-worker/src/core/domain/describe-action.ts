import type { ChassisControl, PowerRestorePolicy } from '@vbmc/ipmi-codec';
import type { DomainAction } from '../terms/domain-action.ts';

/** ipmitool's words for the chassis controls: what an operator typed. */
const controlWords: Readonly<Record<ChassisControl, string>> = {
  powerDown: 'power off',
  powerUp: 'power on',
  powerCycle: 'power cycle',
  hardReset: 'power reset',
  diagnosticInterrupt: 'power diag',
  softShutdown: 'power soft',
};

/** ipmitool's words for the policies (`chassis policy`). */
const policyWords: Readonly<Record<PowerRestorePolicy, string>> = {
  alwaysOff: 'always-off',
  previousState: 'previous',
  alwaysOn: 'always-on',
  unknown: 'unknown',
};

/** An action in an operator's words, for logs. */
export function describeAction(action: DomainAction): string {
  switch (action.kind) {
    case 'chassisControl':
      return controlWords[action.chassisControl];
    case 'setBootFlags': {
      const { valid, persistent, efi, device } = action.bootFlags;
      if (!valid || device === 'noOverride') return 'boot device none';
      return `boot device ${device}, ${persistent ? 'persistent' : 'one-shot'}, ${efi ? 'UEFI' : 'legacy'}`;
    }
    case 'readDomainState':
      return 'read power state';
    case 'readUuid':
      return 'read UUID';
    case 'readBootFlags':
      return 'read boot flags';
    case 'recoverBootOverride':
      return 'take back the used boot device';
    case 'followGuestReboot':
      return "follow the guest's reboot";
    case 'storePowerRestorePolicy':
      return `power restore policy ${policyWords[action.policy]}`;
  }
}
