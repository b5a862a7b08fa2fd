/** A disk whose `open` hangs, as one on a server that does not answer: a FIFO that nobody writes to. */
import { spawn } from 'node:child_process';
import type { Lab } from './lab.ts';

/** Puts it in the place of the domain's disk. Returns its path, for `releaseDisk`. */
export async function putFifoInPlaceOfDisk(lab: Lab, name: string): Promise<string> {
  const xml = await lab.libvirt.virsh('dumpxml', '--inactive', name);
  const file = /<disk type='file' device='disk'>[^]*?<source file='([^']+)'/.exec(xml)?.[1];
  if (file === undefined) throw new Error(`${name} has no disk`);
  // libvirtd itself opens an image that may have a backing file, with the domain locked; a raw one only QEMU opens.
  await lab.libvirt.defineDomain(xml.replace("type='raw'", "type='qcow2'"));
  await lab.libvirt.run('mv', [file, `${file}.away`]);
  await lab.libvirt.run('mkfifo', [file]);
  return file;
}

/** Lets every `open` of the FIFO return, and puts the disk back. */
export async function releaseDisk(disk: string): Promise<void> {
  const holder = spawn('sh', ['-c', `exec 3<>"${disk}"; sleep 3; mv "${disk}.away" "${disk}"; sleep 3`]);
  await new Promise((resolve) => holder.once('close', resolve));
}
