/** The commands that ask one `virsh` what many domains are made of, and the parser of its answers. Pure. */
import type { DomainTraits, TraitsWanted } from './domain-facts.ts';

export interface TraitSubject extends TraitsWanted {
  readonly domainName: string;
  readonly uuid: string;
}

/** With --quiet, virsh's `echo` does not end its line. */
function echo(text: string): string {
  return `echo "${text}\n"`;
}

/**
 * Prints, for each domain, a line with its UUID, and what is wanted: the lines of `dominfo`, for which libvirt reads /proc and asks no
 * QEMU, and a line for each disk.
 */
export function traitCommands(subjects: readonly TraitSubject[]): string {
  return subjects
    .flatMap(({ uuid, usage, disks }) => [
      echo(uuid),
      ...(usage ? [`dominfo --domain ${uuid}`] : []),
      ...(disks ? [`domblklist --domain ${uuid} --details`] : []),
      // What follows the last line of a domain whose commands have failed is not of that domain.
      echo('end'),
    ])
    .join('; ');
}

/** A line of `domblklist --details`: type, device, target, source. */
const diskLine = /^ +[a-z-]+ +(disk|lun|cdrom|floppy) /;

/** The traits by UUID of these domains. A domain has no disk if its list is empty and no command has failed. */
export function readTraits(
  subjects: readonly TraitSubject[],
  lines: readonly string[],
  complaints: readonly string[],
): ReadonlyMap<string, DomainTraits> {
  const traits = new Map<string, DomainTraits>();
  const subjectOf = new Map(subjects.map((subject) => [subject.uuid, subject]));
  let uuid: string | undefined;
  for (const line of lines) {
    const subject = subjectOf.get(line);
    if (subject !== undefined) {
      uuid = line;
      traits.set(uuid, subject.disks && complaints.length === 0 ? { hasDisk: false } : {});
    } else if (line === 'end') uuid = undefined;
    else if (uuid !== undefined) traits.set(uuid, { ...traits.get(uuid), ...traitIn(line) });
  }
  return traits;
}

function traitIn(line: string): DomainTraits {
  const device = diskLine.exec(line)?.[1];
  if (device === 'disk' || device === 'lun') return { hasDisk: true };
  const processors = /^CPU\(s\): +([1-9][0-9]{0,4})$/.exec(line)?.[1];
  if (processors !== undefined) return { processors: Number(processors) };
  const cpuSeconds = /^CPU time: +([0-9]{1,12}\.[0-9])s$/.exec(line)?.[1];
  return cpuSeconds === undefined ? {} : { cpuSeconds: Number(cpuSeconds) };
}
