/** What a client may conclude when libvirt goes away: that nothing was done, or that something may have been. */
import type { ChassisControl } from '@vbmc/ipmi-codec';
import type { DomainAction, DomainActionOutcome } from '../core/terms/domain-action.ts';
import { failed } from './domain-connection.ts';
import { domainFailure } from './virsh-error.ts';
import type { Virsh } from './virsh.ts';

/** A client that asks again for one of these, because the answer was an error, may get two of them. */
const countsEachTime: ReadonlySet<ChassisControl> = new Set([
  'powerCycle',
  'hardReset',
  'diagnosticInterrupt',
  'softShutdown',
]);

/** What changes the state of a machine; virsh's other commands read, or write the definition. */
const powerVerbs: ReadonlySet<string> = new Set([
  'start',
  'destroy',
  'reset',
  'resume',
  'dompmwakeup',
  'inject-nmi',
  'shutdown',
]);

export interface ObservedPower {
  readonly virsh: Virsh;
  /** Whether libvirt may have got a command that changes the machine's state. */
  readonly hasBegun: () => boolean;
}

/** The same virsh; `hasBegun` looks at what runs through it. */
export function observingPower(virsh: Virsh): ObservedPower {
  let hasBegun = false;
  return {
    virsh: async (verb, args, options) => {
      const ran = await virsh(verb, args, options);
      if (powerVerbs.has(verb)) hasBegun ||= ran.ok || ran.notBegun !== true;
      return ran;
    },
    hasBegun: () => hasBegun,
  };
}

/** The outcome, which says `connectionLost` where a repetition could be a second change. */
export function tellingLostChange(
  action: DomainAction,
  outcome: DomainActionOutcome,
  hasBegun: boolean,
): DomainActionOutcome {
  if (outcome.ok || outcome.failure.kind !== 'hypervisorUnreachable') return outcome;
  const counts = action.kind === 'chassisControl' && countsEachTime.has(action.chassisControl);
  return hasBegun && counts ? failed(domainFailure('connectionLost', outcome.failure.message)) : outcome;
}
