/**
 * libvirt's domain states and the reasons for each (virDomainState, virDomainPausedReason … in its libvirt-domain.h), in the
 * order of libvirt's numbers, with the texts of `virsh domstate --reason` under LC_ALL=C. A reason that makes a difference to a
 * BMC makes a state of its own. A pure table.
 */
import type { DomainState } from '../core/terms/domain-action.ts';

/** A reason; with a state: the domain counts as that. */
type Reason = string | readonly [reason: string, state: DomainState];

export interface StateWithReasons {
  readonly text: string;
  readonly state: DomainState;
  readonly reasons: readonly Reason[];
}

/** Each is at the place of its number. */
export const libvirtStates: readonly StateWithReasons[] = [
  { text: 'no state', state: 'noState', reasons: ['unknown'] },
  {
    text: 'running',
    state: 'running',
    reasons: [
      ...['unknown', 'booted', 'migrated', 'restored', 'from snapshot', 'unpaused', 'migration canceled'],
      ...['save canceled', 'event wakeup', 'crashed', 'post-copy', 'post-copy failed'],
    ],
  },
  { text: 'idle', state: 'idle', reasons: ['unknown'] },
  {
    text: 'paused',
    state: 'paused',
    reasons: [
      'unknown',
      'user',
      ['migrating', 'migrating'],
      ['saving', 'heldForJob'],
      ['dumping', 'heldForJob'],
      ['I/O error', 'ioError'],
      'watchdog',
      'from snapshot',
      ['shutting down', 'inShutdown'],
      ['creating snapshot', 'heldForJob'],
      // libvirt gives this reason to a machine that was reset after a panic: it boots when it is resumed.
      'crashed',
      ['starting up', 'startingUp'],
      ['post-copy', 'migrating'],
      ['post-copy failed', 'migrating'],
      'api error',
    ],
  },
  { text: 'in shutdown', state: 'inShutdown', reasons: ['unknown', 'user'] },
  {
    text: 'shut off',
    state: 'shutOff',
    reasons: [
      ...['unknown', 'shutdown', 'destroyed', 'crashed'],
      ['migrated', 'migratedAway'],
      ...['saved', 'failed', 'from snapshot', 'daemon'],
    ],
  },
  { text: 'crashed', state: 'crashed', reasons: ['unknown', 'panicked'] },
  { text: 'pmsuspended', state: 'pmsuspended', reasons: ['unknown'] },
];

function stateFor({ state, reasons }: StateWithReasons, isIt: (reason: string, number: number) => boolean) {
  const own = reasons.find((reason, number) => typeof reason !== 'string' && isIt(reason[0], number)) as
    Exclude<Reason, string> | undefined;
  return own === undefined ? state : own[1];
}

/** The state by virsh's texts. A reason that a newer libvirt has added makes no difference. */
export function stateByText(text: string, reason: string | undefined): DomainState | undefined {
  const found = libvirtStates.find((each) => each.text === text);
  return found && stateFor(found, (each) => each === reason);
}

/** The same by libvirt's numbers. */
export function stateByNumber(number: number, reason: number | undefined): DomainState | undefined {
  const found = libvirtStates[number];
  return found && stateFor(found, (_, at) => at === reason);
}

/** As `virsh domstate --reason` says it; all reasons in one where they make no difference to a BMC. */
export function domainStateText(state: DomainState): string {
  const plain = libvirtStates.find((each) => each.state === state);
  if (plain !== undefined) return plain.text;
  for (const { text, reasons } of libvirtStates) {
    const own = reasons.flatMap((reason) =>
      typeof reason !== 'string' && reason[1] === state ? [reason[0]] : [],
    );
    if (own.length > 0) return `${text} (${own.join(', ')})`;
  }
  return state;
}
