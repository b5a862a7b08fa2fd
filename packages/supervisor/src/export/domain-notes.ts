/** Notes about facts that are missing, although the machine can be registered without them. */
import type { Note } from './export-format.ts';
import type { ExportedBmc } from './exported-bmc.ts';

export function noteMacs(bmcs: readonly ExportedBmc[]): readonly Note[] {
  const without = bmcs
    .filter(({ domain }) => domain.macs.length === 0)
    .map(({ name }) => ({
      name,
      text: 'the domain has no network card, so there is no MAC address to boot it by',
    }));
  return [...without, ...noteSharedMacs(bmcs)];
}

/** A domain that was cloned by hand. Systems know a machine by its MAC addresses, and refuse the second or take it for the first. */
function noteSharedMacs(bmcs: readonly ExportedBmc[]): readonly Note[] {
  const firstByMac = new Map<string, string>();
  const notes: Note[] = [];
  for (const { name, domain } of bmcs) {
    for (const mac of domain.macs) {
      const first = firstByMac.get(mac);
      if (first === undefined) firstByMac.set(mac, name);
      else if (first !== name)
        notes.push({
          name,
          text: `its MAC address ${mac} is also that of ${first}: give one of the domains another`,
        });
    }
  }
  return notes;
}

export function noteMissingDisks(bmcs: readonly ExportedBmc[]): readonly Note[] {
  return bmcs
    .filter(({ diskGib }) => diskGib === undefined)
    .map(({ name }) => ({
      name,
      text: 'the domain has no disk of 1 GiB or more, or libvirt does not know its size; the disk size is left out',
    }));
}

/** For systems without a parameter for K_g. */
export function noteUnusableKg(bmcs: readonly ExportedBmc[], system: string): readonly Note[] {
  return bmcs
    .filter(({ needsKg }) => needsKg)
    .map(({ name }) => ({
      name,
      text: `it has a K_g, which ${system} cannot send, so its logins will fail`,
    }));
}
