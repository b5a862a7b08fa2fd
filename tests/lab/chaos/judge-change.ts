/** Judges a change by what libvirt says before and after it. Pure. */
import { mustBeRefused, type ChaosCommand, type PowerVerb } from './command.ts';
import { isOn, type DomainFacts } from './domain-facts.ts';

interface Delta {
  readonly wasOn: boolean;
  readonly isOn: boolean;
  readonly starts: number;
  readonly resets: number;
  readonly boots: number;
  readonly hasSameProcess: boolean;
  readonly hasSameLibvirt: boolean;
}

function deltaOf(before: DomainFacts, after: DomainFacts): Delta {
  return {
    wasOn: isOn(before),
    isOn: isOn(after),
    starts: after.starts - before.starts,
    resets: after.resets - before.resets,
    boots: after.boots - before.boots,
    hasSameProcess: before.process === after.process,
    hasSameLibvirt: before.libvirtLife === after.libvirtLife,
  };
}

/** How many processes a change starts, whether it resets the machine, and whether that is on then. */
interface Effect {
  readonly isOn: boolean;
  readonly starts: number;
  readonly resets: boolean;
}

/** The first is the usual one. A reset takes a new process where QEMU cannot be given a boot order while it runs. */
function effectsOf(power: PowerVerb, wasOn: boolean): readonly Effect[] {
  switch (power) {
    case 'on':
      return [{ isOn: true, starts: wasOn ? 0 : 1, resets: false }];
    case 'off':
      return [{ isOn: false, starts: 0, resets: false }];
    case 'cycle':
      return [{ isOn: true, starts: 1, resets: false }];
    case 'reset':
      return [
        { isOn: true, starts: 0, resets: true },
        { isOn: true, starts: 1, resets: false },
      ];
  }
}

function untouched(wasOn: boolean): Effect {
  return { isOn: wasOn, starts: 0, resets: false };
}

function isEffect(effect: Effect, delta: Delta): boolean {
  if (effect.isOn !== delta.isOn) return false;
  if (effect.starts === 0 && !delta.hasSameProcess && delta.isOn) return false;
  if (effect.starts > 0 && delta.hasSameProcess) return false;
  // libvirtd may have taken a report with it, or begun a process that never ran: the guest's boots are counted instead.
  if (!delta.hasSameLibvirt) return true;
  return delta.starts === effect.starts && delta.resets > 0 === effect.resets;
}

function describeDelta(delta: Delta): string {
  const process = delta.hasSameProcess ? 'the same process' : 'another process';
  return `was ${onOff(delta.wasOn)}, is ${onOff(delta.isOn)}, ${delta.starts} starts, ${delta.resets} resets, ${process}`;
}

function onOff(on: boolean): string {
  return on ? 'on' : 'off';
}

/** `after`: at once after the answer. */
export function judgeAcknowledged(
  command: ChaosCommand,
  before: DomainFacts,
  after: DomainFacts,
): readonly string[] {
  const delta = deltaOf(before, after);
  if (mustBeRefused(command, delta.wasOn)) return ['it was acknowledged, and the domain was off'];
  if (delta.isOn && after.state !== 'running')
    return [`it was acknowledged, and the domain is ${after.state}`];
  const effects = command.verb === 'power' ? effectsOf(command.power, delta.wasOn) : [untouched(delta.wasOn)];
  if (effects.some((effect) => isEffect(effect, delta))) return [];
  return [`it was acknowledged, and has not happened exactly once: ${describeDelta(delta)}`];
}

/** How often the guest must have booted for an acknowledged command. */
export function bootsOf(command: ChaosCommand, wasOn: boolean): number {
  if (command.verb !== 'power' || command.power === 'off') return 0;
  return command.power === 'on' && wasOn ? 0 : 1;
}

export interface Told {
  /** vbmcd has said that it does not finish the change, or `vbmc show` still says why. */
  readonly isGivenUp: boolean;
  /** vbmcd has said that the change is not protected against its own end. */
  readonly isUnprotected: boolean;
}

/** How often the guest must have booted since a change that was cut; undefined: nobody has seen that. */
export function bootsSince(before: DomainFacts, settled: DomainFacts): number | undefined {
  const { isOn: runs, hasSameProcess, hasSameLibvirt, resets } = deltaOf(before, settled);
  if (!runs || !hasSameProcess) return runs ? 1 : 0;
  if (resets > 0) return 1;
  return hasSameLibvirt ? 0 : undefined;
}

export type Became = 'nothing' | 'done' | 'finished' | 'told' | 'wrong';

export interface Unacknowledged {
  readonly before: DomainFacts;
  /** When the client had its answer, or gave up. */
  readonly atOutcome: DomainFacts;
  /** When the BMC had no change under way any more. */
  readonly settled: DomainFacts;
  readonly told: Told;
}

/** What has become of a change without a success for its client. */
export function judgeUnacknowledged(
  command: ChaosCommand,
  { before, atOutcome, settled, told }: Unacknowledged,
): { readonly became: Became; readonly wrong: readonly string[] } {
  const delta = deltaOf(before, settled);
  if (isEffect(untouched(delta.wasOn), delta)) return { became: 'nothing', wrong: [] };
  const effects =
    command.verb === 'power' && !mustBeRefused(command, delta.wasOn)
      ? effectsOf(command.power, delta.wasOn)
      : [];
  if (effects.some((effect) => isEffect(effect, delta))) {
    const wasComplete = effects.some((effect) => isEffect(effect, deltaOf(before, atOutcome)));
    return { became: wasComplete ? 'done' : 'finished', wrong: [] };
  }
  const mayHaveTried = delta.starts === 0 || !delta.hasSameLibvirt;
  const isHalf = hasTwoHalves(command) && delta.wasOn && !delta.isOn && mayHaveTried;
  if (isHalf && (told.isGivenUp || told.isUnprotected)) return { became: 'told', wrong: [] };
  const what = isHalf ? 'it was cut in halves, and nothing tells that' : 'something else has happened';
  return { became: 'wrong', wrong: [`${what}: ${describeDelta(delta)}`] };
}

/** A reset has them where it takes a new process. */
function hasTwoHalves(command: ChaosCommand): boolean {
  return command.verb === 'power' && (command.power === 'cycle' || command.power === 'reset');
}

/** Without a command nothing may happen to the domain. */
export function judgeQuiet(before: DomainFacts, after: DomainFacts): readonly string[] {
  const delta = deltaOf(before, after);
  if (isEffect(untouched(delta.wasOn), delta)) return [];
  return [`without a command: ${describeDelta(delta)}`];
}
