import type { ChassisControl } from '@vbmc/ipmi-codec';
import type { DomainFailureKind } from '../terms/domain-action.ts';

/** Whether the machine is to be on after it. The others do not switch. */
const wantsOn: Partial<Readonly<Record<ChassisControl, boolean>>> = {
  powerUp: true,
  powerCycle: true,
  hardReset: true,
  powerDown: false,
};

/** Failures that are none of the power: the command was refused or overtaken, or the machine is as it should be. */
const harmless: ReadonlySet<DomainFailureKind> = new Set([
  'calledOff',
  'domainCrashed',
  'domainNotFound',
  'invalidInPresentState',
  'noteNotRemoved',
  'notExpressible',
]);

/**
 * Power Control Fault of Get Chassis Status (v2.0§28.2): the BMC has tried to switch the machine on or off, and it is not in
 * the state that was wanted.
 */
export class PowerControlFault {
  #wantedOn: boolean | undefined;

  get isSet(): boolean {
    return this.#wantedOn !== undefined;
  }

  fail(control: ChassisControl, kind: DomainFailureKind): void {
    if (!harmless.has(kind)) this.#wantedOn = wantsOn[control];
  }

  /** A command has been carried out. */
  succeed(): void {
    this.#wantedOn = undefined;
  }

  /** What the domain is now, whoever has made it so. */
  see(isOn: boolean): void {
    if (this.#wantedOn === isOn) this.#wantedOn = undefined;
  }
}
