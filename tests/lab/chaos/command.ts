/** What a client asks of a BMC, what it is told, and the random choice of both. Pure. */
import type { SeededRandom } from '#support/seeded-random.ts';

export type PowerVerb = 'on' | 'off' | 'cycle' | 'reset';
export type BootDevice = 'pxe' | 'disk' | 'cdrom';

export type ChaosCommand =
  | { readonly verb: 'power'; readonly power: PowerVerb }
  | { readonly verb: 'bootdev'; readonly device: BootDevice | 'none'; readonly persistent: boolean };

/** How a command has ended for its client. */
export type Outcome =
  | { readonly is: 'acknowledged' }
  | { readonly is: 'refused'; readonly why: string }
  /** It was sent, or may have been. */
  | { readonly is: 'unanswered'; readonly why: string }
  /** There was no session to send it in. */
  | { readonly is: 'notSent'; readonly why: string };

/** Who sends it, and for how long they wait. */
export interface Client {
  readonly program: 'console' | 'ipmitool';
  readonly deadlineMs: number;
}

/** The answer to a change comes within 25 s, or C3h in its place. */
export const PATIENT_MS = 35_000;
const deadlinesMs = [3_000, 12_000, 12_000, 12_000, PATIENT_MS, PATIENT_MS] as const;

export function describeCommand(command: ChaosCommand): string {
  if (command.verb === 'power') return `power ${command.power}`;
  return `bootdev ${command.device}${command.persistent ? ' persistent' : ''}`;
}

export function describeOutcome(outcome: Outcome): string {
  return outcome.is === 'acknowledged' ? 'acknowledged' : `${outcome.is}: ${outcome.why}`;
}

/** What is listed twice comes twice as often. */
const whenOn: readonly PowerVerb[] = [
  ...(['cycle', 'cycle', 'cycle', 'cycle', 'cycle', 'cycle'] as const),
  ...(['reset', 'reset', 'reset', 'off', 'off', 'on'] as const),
];
const whenOff: readonly PowerVerb[] = ['on', 'on', 'on', 'on', 'on', 'on', 'on', 'cycle', 'reset', 'off'];
const devices: readonly (BootDevice | 'none')[] = ['pxe', 'cdrom', 'disk', 'none'];
const BOOT_DEVICE_ONE_IN = 6;
const PERSISTENT_ONE_IN = 4;
const IPMITOOL_ONE_IN = 4;

export function drawCommand(random: SeededRandom, isOn: boolean): ChaosCommand {
  if (random.below(BOOT_DEVICE_ONE_IN) === 0) {
    const device = devices[random.below(devices.length)] ?? 'none';
    return { verb: 'bootdev', device, persistent: random.below(PERSISTENT_ONE_IN) === 0 };
  }
  const verbs = isOn ? whenOn : whenOff;
  return { verb: 'power', power: verbs[random.below(verbs.length)] ?? 'on' };
}

export function drawClient(random: SeededRandom, command: ChaosCommand): Client {
  const deadlineMs = deadlinesMs[random.below(deadlinesMs.length)] ?? PATIENT_MS;
  // ipmitool makes several commands of one boot device, and ends with 0 when the BMC refuses.
  const mayBeIpmitool = command.verb === 'power' && deadlineMs === PATIENT_MS;
  const isIpmitool = random.below(IPMITOOL_ONE_IN) === 0 && mayBeIpmitool;
  return { program: isIpmitool ? 'ipmitool' : 'console', deadlineMs };
}

/** A power cycle or reset of a machine that is off makes no sense, and is refused with D5h. */
export function mustBeRefused(command: ChaosCommand, isOn: boolean): boolean {
  return command.verb === 'power' && !isOn && (command.power === 'cycle' || command.power === 'reset');
}
