/** A power cycle on a model domain, whose notes are recorded, and which libvirt may be away for. */
import type { DomainState, OwedStart } from '#worker/core/terms/domain-action.ts';
import type { OwedStartNotes } from '#worker/libvirt/owed-start-notes.ts';
import { PER_DEVICE } from './definitions.ts';
import { failure } from './model-domain.ts';
import { control, workbench, type Workbench } from './workbench.ts';

export const UUID = '3e3fce45-4f53-4fa7-bb32-11f34168b82b';
export const origin = { description: 'power cycle', user: 'admin', source: '192.0.2.7:40000' };
export const owedStart: OwedStart = { ...origin, uuid: UUID };

export const isAway = failure('error: failed to connect to the hypervisor\n');
export const wasCut = failure('error: Disconnected from qemu:///session due to end of file\n');

export interface NotingBench extends Workbench {
  readonly notes: unknown[];
  /** The changes of the domain before each destroy that is told. */
  readonly destroys: string[];
  readonly overtaken: { isIt: boolean };
  /** Whether nobody takes the note. */
  readonly deaf: { isIt: boolean };
  readonly leaving: AbortController;
  cycle(signal?: AbortSignal): Promise<unknown>;
}

export function bench(
  xml = PER_DEVICE,
  state: DomainState = 'running',
  unusedOverride?: string,
): NotingBench {
  const notes: unknown[] = [];
  const destroys: string[] = [];
  const overtaken = { isIt: false };
  const deaf = { isIt: false };
  const leaving = new AbortController();
  const owedStarts: OwedStartNotes = {
    mayExist: false,
    get isOvertaken() {
      return overtaken.isIt;
    },
    note: (start) => {
      if (!deaf.isIt) notes.push([start, scene.domain.changes.join()]);
      return Promise.resolve(!deaf.isIt);
    },
    noteDestroy: () => void destroys.push(scene.domain.changes.join()),
    end: (how, _why, unusedOverride) =>
      Promise.resolve(void notes.push(unusedOverride === undefined ? how : [how, unusedOverride])),
  };
  const more = {
    owedStarts,
    leaving: leaving.signal,
    ...(unusedOverride !== undefined && { unusedOverride }),
  };
  const scene = workbench(xml, state, more);
  return {
    ...{ ...scene, notes, destroys, overtaken, deaf, leaving },
    cycle: (signal) => scene.actions.perform(control('powerCycle'), signal, origin),
  };
}

/** libvirt is away for so many calls from the first call with this verb on, which itself may be carried out. */
export function awayFrom(scene: Workbench, verb: string, calls: number, isCarriedOut = false): void {
  let left = calls;
  let hasBegun = false;
  scene.domain.intercept = (each, args) => {
    const isFirst = !hasBegun && each === verb;
    hasBegun ||= isFirst;
    if (!hasBegun || left === 0) return undefined;
    left -= 1;
    if (!isFirst) return isAway;
    if (isCarriedOut) {
      scene.domain.intercept = undefined;
      void scene.domain.virsh(each, args);
      scene.domain.intercept = awayAgain(() => left === 0 || (left -= 1) < 0);
    }
    return wasCut;
  };
}

function awayAgain(isBack: () => boolean) {
  return () => (isBack() ? undefined : isAway);
}
