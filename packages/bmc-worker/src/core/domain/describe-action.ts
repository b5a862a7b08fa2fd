import type { ChassisControl, PowerRestorePolicy } from '@vbmc/ipmi-codec';
import type { DomainAction } from '../terms/domain-action.ts';

/** The chassis controls as ipmitool names them: what an operator types. */
const controlNames: Readonly<Record<ChassisControl, string>> = {
  powerDown: 'power off',
  powerUp: 'power on',
  powerCycle: 'power cycle',
  hardReset: 'power reset',
  diagnosticInterrupt: 'power diag',
  softShutdown: 'power soft',
};

/** The policies as ipmitool names them (`chassis policy`). */
const policyNames: Readonly<Record<PowerRestorePolicy, string>> = {
  alwaysOff: 'always-off',
  previousState: 'previous',
  alwaysOn: 'always-on',
  unknown: 'unknown',
};

/** An action in an operator's terms, for logs. */
export function describeAction(action: DomainAction): string {
  switch (action.kind) {
    case 'chassisControl':
      return controlNames[action.chassisControl];
    case 'setBootFlags': {
      const { valid, persistent, efi, device } = action.bootFlags;
      if (!valid || device === 'noOverride') return 'boot device none';
      return `boot device ${device}, ${persistent ? 'persistent' : 'one-shot'}, ${efi ? 'UEFI' : 'legacy'}`;
    }
    case 'readDomainState':
      return 'read power state';
    case 'readUuid':
      return 'read UUID';
    case 'readInventory':
      return 'read inventory';
    case 'readBootFlags':
      return 'read boot flags';
    case 'recoverBootOverride':
      return 'clear the one-time boot device';
    case 'followGuestReboot':
      return 'follow a guest reboot';
    case 'finishStart':
      return `second half of a ${action.start.description}`;
    case 'storePowerRestorePolicy':
      return `power restore policy ${policyNames[action.policy]}`;
  }
}
