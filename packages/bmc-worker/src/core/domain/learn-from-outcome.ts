import type { ChassisControl } from '@vbmc/ipmi-codec';
import type { DomainAction, DomainActionKind, DomainActionOutcome } from '../terms/domain-action.ts';
import type { BmcDevice } from './bmc-device.ts';
import { noBootFlags } from './boot-options.ts';

const powersOn: ReadonlySet<ChassisControl> = new Set(['powerUp', 'powerCycle']);

/** What has nothing to do with booting. */
const besideBooting: ReadonlySet<DomainActionKind> = new Set([
  'readDomainState',
  'readUuid',
  'readBootFlags',
  'storePowerRestorePolicy',
]);

/** Takes over what a domain action found out or made true, also when nobody waits for its answer any more. */
export function learnFromOutcome(
  device: BmcDevice,
  action: DomainAction,
  outcome: DomainActionOutcome,
  now: number,
): void {
  // Also after a failure: expiry then tries again after another countdown, and not at every tick.
  if (!besideBooting.has(action.kind)) device.bootOptions.countdownSince = now;
  if (!outcome.ok) return;
  const { facts } = outcome;
  switch (action.kind) {
    case 'readUuid':
      if (facts.uuid !== undefined) device.learnUuid(facts.uuid);
      return;
    case 'setBootFlags':
      device.learnBootFlags(action.bootFlags);
      return;
    case 'chassisControl':
      if (action.chassisControl === 'hardReset') device.lastResetAt = now;
      // Where the domain is watched its "started" event tells, and not for a domain that was on before.
      if (!device.domain.isWatched && powersOn.has(action.chassisControl)) device.lastPowerOnByCommand = true;
      break;
    case 'storePowerRestorePolicy':
      device.powerRestorePolicy = action.policy;
      return;
    case 'recoverBootOverride':
      device.learnBootFlags(facts.bootFlags);
      break;
    case 'followGuestReboot':
      break;
    case 'readBootFlags':
      // For the one who asked: a used-up override that it has seen past still has to be taken back.
      return;
    case 'readDomainState':
      return;
  }
  if (facts.domainState !== undefined) device.domain.readBack(facts.domainState, now);
  if (facts.bootOverrideConsumed) {
    device.bootOptions.flags = noBootFlags;
    device.bootOrderIsStale = true;
  }
}
