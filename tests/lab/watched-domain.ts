import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Lab } from './lab.ts';
import { qemuPid } from './qemu-process.ts';

/** The states that a test can bring a guest of boot-program.ts into, in libvirt's words. */
export type ReachableState = 'shut off' | 'running' | 'paused' | 'pmsuspended' | 'crashed';

/** What can be seen of a domain without asking the BMC. */
export interface WatchedDomain {
  readonly name: string;
  /** All lines that the guest has printed. */
  lines(): string[];
  /** Undefined while there is none. */
  pid(): number | undefined;
  state(): Promise<string>;
  /** With virsh and the guest's own doing; a domain that is in this state already is left alone. */
  bringTo(state: ReachableState): Promise<void>;
  /** The inactive definition as it is, secrets included. */
  definition(): Promise<string>;
}

export function watchedDomain(lab: Lab, index: number): WatchedDomain {
  const guest = lab.guest(index);
  const { name } = guest;
  const virsh = (verb: string): Promise<string> => lab.libvirt.virsh(verb, name);
  const pidFile = join(lab.libvirt.directory.path, `run/libvirt/qemu/run/${name}.pid`);
  const domain: WatchedDomain = {
    name,
    lines: () => lab.serialLog(name).split('\r\n').slice(0, -1),
    pid: () => (existsSync(pidFile) ? qemuPid(lab, name) : undefined),
    state: () => lab.domstate(name),
    definition: () => lab.libvirt.virsh('dumpxml', '--inactive', '--security-info', name),
    bringTo: async (state) => {
      const present = await domain.state();
      if (present === state) return;
      if (present !== 'shut off') await virsh('destroy');
      if (state === 'shut off') return;
      const boots = domain.lines().filter((line) => line === 'boot disk').length;
      await virsh('start');
      await lab.waitForSerial(name, 'boot disk', boots + 1);
      if (state === 'paused') await virsh('suspend');
      if (state === 'pmsuspended') await guest.type('s');
      if (state === 'crashed') await guest.type('p');
      await lab.waitForDomstate(name, state);
    },
  };
  return domain;
}
