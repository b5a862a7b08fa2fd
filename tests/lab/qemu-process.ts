import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Lab } from './lab.ts';

/** The process that is the machine: a reset keeps it, a power cycle makes a new one. */
export function qemuPid(lab: Lab, name: string): number {
  return Number(readFileSync(join(lab.libvirt.directory.path, `run/libvirt/qemu/run/${name}.pid`), 'utf8'));
}
