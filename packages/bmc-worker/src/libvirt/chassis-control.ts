/** Translates IPMI's Chassis Control (v2.0§28.3) into virsh commands, for each state of a domain. A pure table. */
import type { ChassisControl } from '@vbmc/ipmi-codec';
import type { DomainState } from '../core/terms/domain-action.ts';
import type { SoftShutdownMode } from '../ipc/protocol.ts';

export type { SoftShutdownMode };

/** What the state must be after a step, before the next step runs or success is reported. */
export type Expectation = 'off' | 'executing' | 'poweredOn';

export type PowerStep =
  | {
      readonly do: 'virsh';
      readonly verb: 'start' | 'destroy' | 'reset' | 'resume' | 'dompmwakeup' | 'inject-nmi' | 'shutdown';
      /** Absent: nothing can be read back beyond virsh's success. */
      readonly expect?: Expectation;
      /**
       * The state alone proves the step, regardless of who caused it: a `destroy` that fails because the domain
       * has just gone off counts as one that succeeded. Never so for `reset`.
       */
      readonly provenByState?: true;
    }
  /** The interval of a power cycle: at least one second (v2.0§28.3, operation 02h). */
  | { readonly do: 'interval' }
  /** Waits for a state that the domain reaches by itself. */
  | { readonly do: 'await'; readonly expect: Expectation };

export type PowerPlan =
  | {
      readonly ok: true;
      readonly steps: readonly PowerStep[];
      /**
       * The steps if the next boot must follow the domain's definition and the running process cannot be told to: a hard
       * reset then has to destroy the process and start another.
       */
      readonly stepsInNewProcess: readonly PowerStep[];
    }
  /** The operation makes no sense in this state; nothing is run. */
  | { readonly ok: false; readonly kind: 'invalidInPresentState' | 'domainCrashed'; readonly why?: string };

const destroy: PowerStep = { do: 'virsh', verb: 'destroy', expect: 'off', provenByState: true };
const start: PowerStep = { do: 'virsh', verb: 'start', expect: 'executing', provenByState: true };
const resume: PowerStep = { do: 'virsh', verb: 'resume', expect: 'executing', provenByState: true };
const wakeUp: PowerStep = { do: 'virsh', verb: 'dompmwakeup', expect: 'executing', provenByState: true };
const reset: PowerStep = { do: 'virsh', verb: 'reset', expect: 'poweredOn' };
const injectNmi: PowerStep = { do: 'virsh', verb: 'inject-nmi' };
const shutdown: PowerStep = { do: 'virsh', verb: 'shutdown' };
const interval: PowerStep = { do: 'interval' };
const comesUp: PowerStep = { do: 'await', expect: 'executing' };

function steps(...list: readonly PowerStep[]): Extract<PowerPlan, { ok: true }> {
  return { ok: true, steps: list, stepsInNewProcess: list };
}
/** The same in every state, which is not even read before: a power off must get through when nothing else does. */
const powerOff = steps(destroy);
const nothing = steps();
const cycle = steps(destroy, interval, start);
/** A hard reset that needs a new process. No interval: the client did not ask for the machine to be off. */
const restart = steps(destroy, start);
const invalid: PowerPlan = { ok: false, kind: 'invalidInPresentState' };
export const MIGRATED_AWAY =
  'the domain was migrated away to another host: power it there, or start it here with virsh if it must run here';
const elsewhere: PowerPlan = { ok: false, kind: 'invalidInPresentState', why: MIGRATED_AWAY };
const moves: PowerPlan = {
  ok: false,
  kind: 'invalidInPresentState',
  why: 'the domain is being migrated, and only one of its copies may run: end the migration first, or power it off',
};
const isHeld: PowerPlan = {
  ok: false,
  kind: 'invalidInPresentState',
  why: 'libvirt has paused the domain to save it, dump it or take a snapshot: wait until that is done, or power it off',
};
const hasCrashed: PowerPlan = { ok: false, kind: 'domainCrashed' };

type Row = Readonly<Record<ChassisControl, PowerPlan>>;

const runningRow: Row = {
  powerDown: powerOff,
  powerUp: nothing,
  powerCycle: cycle,
  hardReset: steps(reset),
  diagnosticInterrupt: steps(injectNmi),
  softShutdown: steps(shutdown),
};

const pausedRow: Row = {
  ...runningRow,
  powerUp: steps(resume),
  // QEMU stays paused over a reset, and the machine must boot for the reset to count.
  hardReset: steps(reset, resume),
  diagnosticInterrupt: invalid,
  softShutdown: steps(resume, shutdown),
};

const planByState: Readonly<Record<DomainState, Row>> = {
  running: runningRow,
  /** Xen's state of a domain that waits for its next event: it runs. */
  idle: runningRow,
  /** libvirt does not know the state, and Chassis Status says off: power up tries, and the state read back decides. */
  noState: { ...runningRow, powerUp: steps(start) },
  paused: pausedRow,
  /** QEMU tries the disk again when it is resumed, and stops again if that fails. */
  ioError: pausedRow,
  /** Another program has begun the start: it comes up by itself, or the start fails. */
  startingUp: {
    ...runningRow,
    powerUp: steps(comesUp),
    hardReset: steps(comesUp, reset),
    diagnosticInterrupt: invalid,
    softShutdown: steps(comesUp, shutdown),
  },
  /** libvirt resumes it, or ends it after a save. A resume now would make the saved image worthless. */
  heldForJob: {
    ...runningRow,
    powerUp: isHeld,
    hardReset: isHeld,
    diagnosticInterrupt: isHeld,
    softShutdown: isHeld,
  },
  /** Power off ends the copy that is here. Everything else could make two copies run on the same disks. */
  migrating: {
    powerDown: powerOff,
    powerUp: moves,
    powerCycle: moves,
    hardReset: moves,
    diagnosticInterrupt: moves,
    softShutdown: moves,
  },
  pmsuspended: {
    ...runningRow,
    powerUp: steps(wakeUp),
    // Woken first: QEMU reset while suspended to RAM does not run, and libvirt then refuses to resume it.
    hardReset: steps(wakeUp, reset),
    diagnosticInterrupt: invalid,
    softShutdown: steps(wakeUp, shutdown),
  },
  /** About to be off. Power up waits for that and starts the domain, because otherwise it would end up off. */
  inShutdown: {
    powerDown: powerOff,
    powerUp: steps({ do: 'await', expect: 'off' }, start),
    powerCycle: cycle,
    hardReset: restart,
    diagnosticInterrupt: invalid,
    softShutdown: nothing,
  },
  shutOff: {
    powerDown: powerOff,
    powerUp: steps(start),
    powerCycle: invalid,
    hardReset: invalid,
    diagnosticInterrupt: invalid,
    softShutdown: invalid,
  },
  /** Whatever were done here would be done to a copy: a start runs the same disks twice, and off here says nothing of there. */
  migratedAway: {
    powerDown: elsewhere,
    powerUp: elsewhere,
    powerCycle: elsewhere,
    hardReset: elsewhere,
    diagnosticInterrupt: elsewhere,
    softShutdown: elsewhere,
  },
  /**
   * The guest has panicked, and `<on_crash>preserve` keeps its process for whoever wants to look into it. The machine is on, as
   * hardware is, so power up leaves it alone.
   */
  crashed: {
    powerDown: powerOff,
    powerUp: nothing,
    powerCycle: cycle,
    // libvirt's reset would leave it `paused (crashed)`.
    hardReset: restart,
    diagnosticInterrupt: hasCrashed,
    softShutdown: hasCrashed,
  },
};

export const powerOffSteps = powerOff.steps;

/** Looks up how to carry out `control` on a domain in `state`. */
export function planChassisControl(control: ChassisControl, state: DomainState): PowerPlan {
  const plan = planByState[state][control];
  return control === 'hardReset' && plan.ok ? { ...plan, stepsInNewProcess: restart.steps } : plan;
}

/** Whether the steps switch the domain off only to start it again. */
export function startsAgain(list: readonly PowerStep[]): boolean {
  return list.includes(destroy) && list.includes(start);
}

const executingStates: ReadonlySet<DomainState> = new Set(['running', 'idle']);

/** Whether a state that was read back is the one that a step expects. */
export function meets(expectation: Expectation, state: DomainState): boolean {
  switch (expectation) {
    case 'off':
      return state === 'shutOff';
    case 'executing':
      return executingStates.has(state);
    case 'poweredOn':
      return state !== 'shutOff' && state !== 'migratedAway';
  }
}

/** `virsh shutdown --mode` takes a list; the driver chooses the order (virsh(1), shutdown). */
export const shutdownModeArgument: Readonly<Record<SoftShutdownMode, string>> = {
  acpi: 'acpi',
  agent: 'agent',
  both: 'agent,acpi',
};
