/** Domain actions on a model domain, without real time. */
import type { BootFlags } from '#codec/terms/boot-flags.ts';
import type { ChassisControl } from '#codec/terms/chassis-control.ts';
import type { DomainFailure, DomainState } from '#worker/core/terms/domain-action.ts';
import {
  createDomainActions,
  type DomainActionOptions,
  type DomainActions,
  type LibvirtAction,
} from '#worker/libvirt/domain-actions.ts';
import { PER_DEVICE } from './definitions.ts';
import { createModelDomain, type ModelDomain } from './model-domain.ts';

export interface Workbench {
  readonly domain: ModelDomain;
  readonly actions: DomainActions;
  readonly slept: number[];
  /** What happens during a pause. */
  readonly during: { interval?: () => void };
  readonly sideFailures: DomainFailure[];
}

export function workbench(
  xml = PER_DEVICE,
  state: DomainState = 'shutOff',
  more: Pick<DomainActionOptions, 'owedStarts' | 'leaving' | 'unusedOverride'> = {},
): Workbench {
  const domain = createModelDomain(xml, state);
  const slept: number[] = [];
  const during: Workbench['during'] = {};
  const sideFailures: DomainFailure[] = [];
  const actions = createDomainActions({
    virsh: domain.virsh,
    domainName: 'node-0',
    sleep: (ms) => {
      during.interval?.();
      return Promise.resolve(slept.push(ms));
    },
    onSideFailure: (side) => sideFailures.push(side),
    ...more,
  });
  return { domain, actions, slept, during, sideFailures };
}

export function control(chassisControl: ChassisControl): LibvirtAction {
  return {
    kind: 'chassisControl',
    chassisControl,
  };
}
export function boot(device: BootFlags['device'], more: Partial<BootFlags> = {}): LibvirtAction {
  return {
    kind: 'setBootFlags',
    bootFlags: { valid: true, persistent: false, efi: false, device, ...more },
  };
}
export function done(domainState: DomainState): unknown {
  return { ok: true, facts: { domainState } };
}
/** The same, and the domain was started for it. */
export function started(domainState: DomainState = 'running'): unknown {
  return { ok: true, facts: { domainState, hasStarted: true } };
}
export function failedWith(kind: string): unknown {
  return {
    ok: false,
    failure: expect.objectContaining({ kind }) as unknown,
  };
}

/** The `<boot order>` values in document order. */
export function orders(xml: string | undefined): (string | undefined)[] {
  return [...(xml ?? '').matchAll(/<boot order=['"](\d+)['"]/g)].map(([, order]) => order);
}
