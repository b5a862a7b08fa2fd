import type { LabBmc } from '#lab/inventory-text.ts';
import type { PrivateLibvirt } from '#lab/private-libvirt.ts';
import type { Bench } from '../scenario.ts';
import { launchOurs, listenOn } from './ours.ts';
import { OUR_NAME, type Subject } from './subject.ts';
import { virtualBmcSubject } from './virtualbmc.ts';

/** How to start each subject that uses libvirt, vbmc first. */
export interface Launcher {
  readonly name: string;
  launch(libvirt: PrivateLibvirt, bmcs: readonly LabBmc[]): Promise<Subject>;
}

export function launchers({ virtualBmcCheckout: checkout, address }: Bench): readonly Launcher[] {
  const ours: Launcher = {
    name: OUR_NAME,
    launch: (libvirt, bmcs) => Promise.resolve(launchOurs(libvirt, bmcs, listenOn(address))),
  };
  if (checkout === undefined) return [ours];
  return [
    ours,
    { name: 'VirtualBMC', launch: (libvirt, bmcs) => virtualBmcSubject(libvirt, checkout, bmcs) },
  ];
}
