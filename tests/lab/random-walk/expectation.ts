/** What an operation must lead to, and what may be refused. Pure. */
import {
  booted,
  isOn,
  rebooted,
  switchedOff,
  type DomainModel,
  type OnCrash,
  type Override,
} from './domain-model.ts';
import type { GuestVerb, Operation, PowerVerb, VirshVerb } from './operation.ts';

/** Nobody boots for this long, in seconds: a one-shot override expires (v2.0§28.13, parameter 3). */
const ONE_SHOT_SECONDS = 60;

export interface Expectation {
  /** What the one who asked is told. A refusal names the words of ipmitool. */
  readonly answer: 'done' | { readonly refused: string };
  readonly after: DomainModel;
  /** The machine's process: `same` where the hardware's reset button would not cut the power either. */
  readonly process: 'same' | 'new' | 'none' | 'any';
}

/** `at`: when the operation was begun, in seconds. */
export interface Circumstances {
  readonly at: number;
  readonly onCrash: OnCrash;
}

/** Whether the one who does it could do it now. What is asked by IPMI can always be asked. */
export function isPossible(model: DomainModel, operation: Operation): boolean {
  if (operation.by === 'ipmi') return true;
  if (operation.by === 'guest') return model.power === 'running';
  return virshCan[operation.verb](model);
}

function runs({ power }: DomainModel): boolean {
  return power === 'running';
}
function isOff(model: DomainModel): boolean {
  return !isOn(model);
}

const virshCan: Readonly<Record<VirshVerb, (model: DomainModel) => boolean>> = {
  start: isOff,
  destroy: isOn,
  reset: runs,
  suspend: runs,
  resume: ({ power }) => power === 'paused',
  shutdown: runs,
  managedsave: ({ power }) => power === 'running' || power === 'paused',
  define: () => true,
  redefine: () => true,
  replace: isOff,
  // Not beside a managed save image, and not of the disks that come and go.
  snapshot: ({ power, disks, image }) =>
    power !== 'crashed' && !disks.live && !disks.config && image === undefined,
  revert: ({ power, snapshot, disks, image }) =>
    snapshot !== undefined && power !== 'crashed' && !disks.live && image === undefined,
  'attach-config': ({ disks }) => !disks.config && !disks.live,
  'detach-config': ({ disks }) => disks.config,
  'attach-live': (model) => runs(model) && !model.disks.live && !model.disks.config,
};

/**
 * Whether the guest must have come up before: it is asked something, its memory is kept, or what it says at this boot could
 * be taken for the next one.
 */
export function needsGuest(operation: Operation): boolean {
  if (operation.by === 'guest') return true;
  if (operation.by === 'ipmi') return operation.verb === 'power' && !['on', 'off'].includes(operation.power);
  return !['start', 'destroy', 'define', 'redefine', 'attach-config', 'detach-config'].includes(
    operation.verb,
  );
}

export function expectationOf(
  model: DomainModel,
  operation: Operation,
  circumstances: Circumstances,
): Expectation {
  switch (operation.by) {
    case 'virsh':
      return afterVirsh(model, operation.verb, circumstances);
    case 'guest':
      return afterGuest(model, operation.verb, circumstances);
    case 'ipmi':
      return afterIpmi(model, operation, circumstances);
  }
}

function done(after: DomainModel, process: Expectation['process'] = 'same'): Expectation {
  return { answer: 'done', after, process };
}

function refused(model: DomainModel, words: string): Expectation {
  return { answer: { refused: words }, after: model, process: 'same' };
}

/** A start: what is saved is resumed, and an override waits for a boot. */
function started(model: DomainModel, by: DomainModel['poweredOnBy'], at: number): Expectation {
  const { image } = model;
  const on =
    image === undefined
      ? booted(model, at)
      : { ...model, power: image, guest: 'up' as const, bootsFrom: undefined, image: undefined };
  return done({ ...on, poweredOnBy: by }, 'new');
}

function afterVirsh(model: DomainModel, verb: VirshVerb, { at }: Circumstances): Expectation {
  switch (verb) {
    case 'start':
      return started(model, 'other', at);
    case 'destroy':
    case 'shutdown':
      return done(switchedOff(model), 'none');
    case 'reset':
      return done(rebooted(model, at));
    case 'suspend':
      return done({ ...model, power: 'paused' });
    case 'resume':
      return done({ ...model, power: 'running' });
    case 'managedsave':
      return done({ ...switchedOff(model), image: model.power === 'paused' ? 'paused' : 'running' }, 'none');
    case 'define':
      return done({
        ...model,
        override: undefined,
        rearranged: false,
        disks: { ...model.disks, config: false },
      });
    case 'redefine':
      return done(definedAnew(model));
    case 'replace':
      return done({ ...definedAnew(model), generation: model.generation + 1 });
    case 'snapshot':
      return done({
        ...model,
        snapshot: { power: savedPower(model), override: model.override, disks: model.disks },
      });
    case 'revert':
      return reverted(model);
    case 'attach-config':
    case 'detach-config':
      return done({ ...model, disks: { ...model.disks, config: verb === 'attach-config' } });
    case 'attach-live':
      return done({ ...model, disks: { ...model.disks, live: true } });
  }
}

/** The definition is written anew, and what libvirt keeps beside it is gone. A running domain runs on. */
function definedAnew(model: DomainModel): DomainModel {
  const disks = { ...model.disks, config: false };
  return { ...model, override: undefined, image: undefined, snapshot: undefined, rearranged: false, disks };
}

function savedPower({ power }: DomainModel): 'shut off' | 'running' | 'paused' {
  return power === 'crashed' ? 'paused' : power;
}

/** The definition is the snapshot's, and with it an override that was there then. How long that is kept is open. */
function reverted(model: DomainModel): Expectation {
  const { snapshot } = model;
  if (snapshot === undefined) throw new Error('there is no snapshot to revert to');
  const { power, disks } = snapshot;
  const override = snapshot.override && { ...snapshot.override, surelyUntil: -Infinity };
  const after = { ...switchedOff(model), power, disks, override, rearranged: true };
  if (power === 'shut off') return done(after, 'none');
  return done({ ...after, keepsOrder: true, poweredOnBy: isOn(model) ? 'either' : 'other' }, 'any');
}

function afterGuest(model: DomainModel, verb: GuestVerb, { at, onCrash }: Circumstances): Expectation {
  if (verb === 'reboot') return done(rebooted(model, at));
  if (verb === 'poweroff' || onCrash === 'destroy') return done(switchedOff(model), 'none');
  if (onCrash === 'preserve') return done({ ...model, power: 'crashed' });
  // libvirt resets it, in the same process: the power has never been off.
  return done(rebooted(model, at));
}

type IpmiOperation = Extract<Operation, { readonly by: 'ipmi' }>;

function afterIpmi(model: DomainModel, operation: IpmiOperation, { at }: Circumstances): Expectation {
  switch (operation.verb) {
    case 'power':
      return afterPower(model, operation.power, at);
    case 'bootdev': {
      const { device, persistent } = operation;
      const override: Override | undefined =
        device === 'none' ? undefined : { device, persistent, surelyUntil: at + ONE_SHOT_SECONDS };
      return done({ ...model, override });
    }
    case 'policy':
      return done({ ...model, policy: operation.policy });
    case 'mc reset':
      // Whether the new worker knows who had switched the machine on is left open.
      return done({ ...model, poweredOnBy: 'either' });
  }
}

const NOT_IN_PRESENT_STATE = 'Command not supported in present state';

function afterPower(model: DomainModel, verb: PowerVerb, at: number): Expectation {
  const { power, image, override } = model;
  const boots = (process: 'new' | 'same', by: DomainModel['poweredOnBy']): Expectation =>
    done(
      {
        ...booted(process === 'new' ? switchedOff(model) : { ...model, keepsOrder: false }, at),
        poweredOnBy: by,
      },
      process,
    );
  if (verb === 'off') return done({ ...switchedOff(model), image: undefined }, 'none');
  if (power === 'shut off') {
    if (verb !== 'on') return refused(model, NOT_IN_PRESENT_STATE);
    // With an override pending, the machine must boot.
    if (image !== undefined && override !== undefined) return boots('new', 'command');
    const expected = started(model, 'command', at);
    // What was saved while it was paused is resumed.
    return { ...expected, after: { ...expected.after, power: 'running' } };
  }
  if (verb === 'cycle') return boots('new', 'command');
  if (power === 'crashed') {
    if (verb === 'soft') return refused(model, 'Unknown (0x01)');
    // It is on, and whoever looks into what has crashed keeps it.
    return verb === 'on' ? done(model) : boots('new', model.poweredOnBy);
  }
  if (verb === 'on') return done({ ...model, power: 'running' });
  if (verb === 'soft') return done(switchedOff(model), 'none');
  return boots('same', model.poweredOnBy);
}
