/** What a command line has done to a domain, as virsh tells. */
import type { PrivateLibvirt } from '#lab/private-libvirt.ts';

/** Its state, and the device that its next start tries first. */
export async function effectOn(libvirt: PrivateLibvirt, domain: string): Promise<string> {
  const state = (await libvirt.virsh('domstate', domain)).trim();
  return `${state}, boots ${firstBootDevice(await libvirt.virsh('dumpxml', '--inactive', domain))}`;
}

/** The first `<boot dev=…>`, or the device with the lowest `<boot order=…>`, in a definition as virsh prints it. */
export function firstBootDevice(xml: string): string {
  const common = /<boot dev='(\w+)'/.exec(xml)?.[1];
  if (common !== undefined) return common;
  const devices = [...xml.matchAll(/<(disk|interface)\b[^>]*?(?: device='(\w+)')?>.*?<\/\1>/gs)].map(
    ([text, kind, device = '']) => ({
      name: kind === 'interface' ? 'network' : ({ disk: 'hd', floppy: 'fd' }[device] ?? device),
      order: Number(/<boot order='(\d+)'/.exec(text)?.[1] ?? Infinity),
    }),
  );
  const [first] = devices.toSorted((one, other) => one.order - other.order);
  return first === undefined || first.order === Infinity ? 'nothing in particular' : first.name;
}
