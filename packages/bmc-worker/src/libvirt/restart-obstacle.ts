/** What speaks against ending a running domain's process to start another from its definition. Pure. */
import { bootableDevices } from './domain-document.ts';
import type { Element } from './domain-xml.ts';
import { attributeOf, child, textOf } from './xml-elements.ts';

/** What names a disk's image: a file, a block device, a volume, an image on a server. */
const sourceAttributes = ['file', 'dev', 'dir', 'pool', 'volume', 'protocol', 'name'] as const;

function sourcesByKey(root: Element): ReadonlyMap<string, string> {
  const pairs = bootableDevices(root).map(({ element, device }) => {
    const source = child(element, 'source');
    const names = sourceAttributes.map((name) => attributeOf(source, name) ?? '');
    return [device.key, element.tagName === 'disk' ? names.join(' ') : ''] as const;
  });
  return new Map(pairs);
}

function memoryOf(root: Element): number {
  return Number(textOf(child(root, 'memory')));
}

/**
 * Why the domain might lose something, or not come up, if its process was ended and started again; `undefined` if nothing is
 * known that would. libvirt does not tell whether it could start a domain that runs: `virsh domblkinfo` answers from the
 * image that QEMU has open, even if its file is gone. So a restart is for a client's command only, never for a guest's reboot.
 *
 * @param live - the running domain.
 * @param definition - its inactive definition.
 */
export function restartObstacle(live: Element, definition: Element): string | undefined {
  const [running, defined] = [sourcesByKey(live), sourcesByKey(definition)];
  for (const [key, source] of running) {
    const wanted = defined.get(key);
    if (wanted === undefined) return `only the running domain has ${key}, and a restart would remove it`;
    if (wanted !== source) return `${key} has another medium in the running domain than in the definition`;
  }
  const added = [...defined.keys()].find((key) => !running.has(key));
  if (added !== undefined)
    return `only the definition has ${added}, and the domain was not started with it yet`;
  if (memoryOf(definition) > memoryOf(live)) return 'the definition has more memory than the running domain';
  return undefined;
}
