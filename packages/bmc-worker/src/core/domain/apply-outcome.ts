import type { ChassisControl } from '@vbmc/ipmi-codec';
import {
  isPowerOff,
  type DomainAction,
  type DomainActionKind,
  type DomainActionOutcome,
} from '../terms/domain-action.ts';
import type { BmcDevice } from './bmc-device.ts';
import { noBootFlags, sameBootFlags } from './boot-options.ts';
import { mayStart } from './last-power-on.ts';

const unrelatedToBooting: ReadonlySet<DomainActionKind> = new Set([
  'readDomainState',
  'readUuid',
  'readInventory',
  'readBootFlags',
  'storePowerRestorePolicy',
]);

/** Makes the device agree with what a domain action found out or changed, even if no client waits for the answer any more. */
export function applyOutcome(
  device: BmcDevice,
  action: DomainAction,
  outcome: DomainActionOutcome,
  now: number,
): void {
  apply(device, action, outcome, now);
  if (!unrelatedToBooting.has(action.kind)) device.resetIsReported = false;
}

function apply(device: BmcDevice, action: DomainAction, outcome: DomainActionOutcome, now: number): void {
  const { bootOptions } = device;
  const { flags: flagsBefore, countdownSince } = bootOptions;
  // After a failure too: the expiry of boot flags then tries again after another countdown, not at every tick.
  if (!unrelatedToBooting.has(action.kind)) bootOptions.countdownSince = now;
  if (action.kind === 'chassisControl') noteControl(device, action.chassisControl, outcome, now);
  // The second half of a power cycle.
  if (action.kind === 'finishStart') noteControl(device, 'powerCycle', outcome, now);
  // A failure may come after the destroy.
  if (isPowerOff(action)) device.powerOffs += 1;
  if (!outcome.ok) {
    // libvirt may have taken the definition all the same. A refusal comes before any change.
    if (action.kind === 'setBootFlags' && outcome.failure.kind !== 'notExpressible') device.doubtBootFlags();
    return;
  }
  const { facts } = outcome;
  if (!unrelatedToBooting.has(action.kind)) device.bootOrderIsStale = facts.bootOrderIsStale === true;
  switch (action.kind) {
    case 'readUuid':
      if (facts.uuid !== undefined) device.learnUuid(facts.uuid);
      return;
    case 'readInventory':
      device.inventory = facts.inventory;
      return;
    case 'setBootFlags':
      device.learnBootFlags(action.bootFlags);
      return;
    case 'chassisControl':
      if (action.chassisControl === 'hardReset') device.noteReset(now);
      break;
    case 'storePowerRestorePolicy':
      device.powerRestorePolicy = action.policy;
      return;
    case 'finishStart':
      break;
    case 'recoverBootOverride':
      device.learnBootFlags(facts.bootFlags);
      // A check that finds the flags as they were does not prolong their countdown.
      if (sameBootFlags(bootOptions.flags, flagsBefore)) bootOptions.countdownSince = countdownSince;
      break;
    case 'followGuestReboot':
      // It has read a state back: it has reset the domain once more.
      if (facts.domainState !== undefined) device.noteReset(now);
      break;
    case 'readBootFlags':
      // Flags that a boot has used up still have to be cleared, so they stay unknown.
      if (facts.bootOverrideIsUsedUp) return;
      device.learnBootFlags(facts.bootFlags);
      if (!sameBootFlags(bootOptions.flags, flagsBefore)) bootOptions.countdownSince = now;
      return;
    case 'readDomainState':
      if (facts.domainState !== undefined) device.takeRead(facts.domainState, now);
      return;
  }
  if (facts.domainState !== undefined) {
    device.domain.readBack(facts.domainState, now);
    device.news.settle();
  }
  if (facts.bootOverrideConsumed) bootOptions.flags = noBootFlags;
}

function noteControl(
  device: BmcDevice,
  control: ChassisControl,
  outcome: DomainActionOutcome,
  now: number,
): void {
  const hasStarted = outcome.ok && outcome.facts.hasStarted === true;
  device.lastPowerOn.finish(control, hasStarted, device.domain.isWatched(now), now);
  if (outcome.ok) {
    device.powerControlFault.succeed();
    return;
  }
  const { kind } = outcome.failure;
  device.powerControlFault.fail(control, kind);
  if (kind === 'deadlineExceeded' && mayStart(control)) device.domain.expectStart(now);
}
