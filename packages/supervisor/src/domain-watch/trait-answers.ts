/** The commands that ask one `virsh` what many domains are made of, and the parser of its answers. Pure. */
import type { DomainTraits } from './domain-facts.ts';

export interface TraitSubject {
  readonly uuid: string;
  /** Only a running domain can tell how many processors it has now. */
  readonly isOn: boolean;
}

/** With --quiet, virsh's `echo` does not end its line. */
function echo(text: string): string {
  return `echo "${text}\n"`;
}

/** Prints, for each domain, a line with its UUID, the number of its processors if it is on, and a line for each of its disks. */
export function traitCommands(subjects: readonly TraitSubject[]): string {
  return subjects
    .flatMap(({ uuid, isOn }) => [
      echo(uuid),
      ...(isOn ? [`vcpucount --domain ${uuid} --live --current`] : []),
      `domblklist --domain ${uuid} --details`,
      // What follows the last line of a domain whose commands have failed is not of that domain.
      echo('end'),
    ])
    .join('; ');
}

/** A line of `domblklist --details`: type, device, target, source. */
const diskLine = /^ +[a-z-]+ +(disk|lun|cdrom|floppy) /;

/**
 * The traits by UUID. A command that fails prints nothing, as does `domblklist` of a domain without disks: `complaints` tells whether
 * any has failed.
 */
export function readTraits(
  lines: readonly string[],
  complaints: readonly string[],
): ReadonlyMap<string, DomainTraits> {
  const traits = new Map<string, DomainTraits>();
  let uuid: string | undefined;
  for (const line of lines) {
    if (/^[0-9a-f-]{36}$/.test(line)) {
      uuid = line;
      if (complaints.length === 0) traits.set(uuid, { hasDisk: false });
      else traits.set(uuid, {});
    } else if (line === 'end') uuid = undefined;
    else if (uuid !== undefined) {
      const device = diskLine.exec(line)?.[1];
      const processors = /^ *([1-9][0-9]{0,4})$/.exec(line)?.[1];
      const before = traits.get(uuid);
      if (device === 'disk' || device === 'lun') traits.set(uuid, { ...before, hasDisk: true });
      if (processors !== undefined) traits.set(uuid, { ...before, processors: Number(processors) });
    }
  }
  return traits;
}
