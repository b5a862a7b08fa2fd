/** What libvirt says and what a BMC tells, held against what must be true. Pure. */
import { allowsFlags, type DomainModel } from './domain-model.ts';
import type { Truth } from './read-truth.ts';
import type { Told } from './read-told.ts';

/** Chassis Status of each state of the walk. */
const powerOf: Readonly<Record<string, string>> = {
  running: 'on',
  paused: 'on',
  crashed: 'on',
  'shut off': 'off',
};

const events: Readonly<Record<DomainModel['poweredOnBy'], readonly string[]>> = {
  command: ['command'],
  other: [''],
  either: ['command', ''],
};

/** What must be so of the domain itself. */
export function compareTruth(model: DomainModel, truth: Truth): string[] {
  const wrong: string[] = [];
  const differ = (what: string, wanted: unknown, found: unknown): void => {
    if (wanted !== found) wrong.push(`${what}: wanted ${String(wanted)}, virsh says ${String(found)}`);
  };
  differ('state', model.power, truth.state);
  differ('managed save image', model.image !== undefined, truth.hasImage);
  if (model.power !== 'shut off')
    differ('disk attached live', model.disks.live, truth.blockDevices.includes('vdc'));
  return wrong;
}

/** What the BMC must tell, and what its definition must then be. */
export function compareTold(
  model: DomainModel,
  original: string,
  { truth, told, at }: { readonly truth: Truth; readonly told: Told; readonly at: number },
): string[] {
  const wrong: string[] = [];
  const differ = (what: string, found: string, by: string, wanted: string): void => {
    if (found !== wanted) wrong.push(`${what}: the BMC says ${found}, ${by} ${wanted}`);
  };
  for (const power of told.power) differ('power', power, 'virsh', powerOf[truth.state] ?? truth.state);
  differ('UUID', told.uuid, 'virsh', truth.uuid);
  differ('power restore policy', told.policy, 'last set', model.policy);
  if (!events[model.poweredOnBy].includes(told.lastPowerEvent)) {
    wrong.push(
      `last power event: the BMC says "${told.lastPowerEvent}", last powered on by ${model.poweredOnBy}`,
    );
  }
  const { device, persistent } = told.flags;
  if (!allowsFlags(model, told.flags, at)) {
    const { override } = model;
    const wanted =
      override === undefined ? 'none' : `${override.device}${override.persistent ? ' persistent' : ''}`;
    wrong.push(`boot flags: the BMC says ${device}${persistent ? ' persistent' : ''}, wanted ${wanted}`);
  }
  if (device === 'none') {
    const arranged = model.rearranged ? sorted : String;
    if (arranged(truth.definition) !== arranged(original)) {
      wrong.push(
        `definition: no override is told, and it is not what it was: ${firstDifference(truth.definition, original)}`,
      );
    }
  } else {
    differ('boot device', device, 'the definition', firstBootDevice(truth.definition));
  }
  return wrong;
}

function sorted(definition: string): string {
  return definition
    .split('\n')
    .map((line) => line.trim())
    .sort()
    .join('\n');
}

function firstDifference(found: string, wanted: string): string {
  const [left, right] = [found.split('\n'), wanted.split('\n')];
  const at = left.findIndex((line, index) => line !== right[index]);
  return `line ${at + 1} is ${left[at]?.trim() ?? 'missing'}, was ${right[at]?.trim() ?? 'missing'}`;
}

/** The first of the boot devices, whatever its style; our own note in `<metadata>` tells of others. */
export function firstBootDevice(definition: string): string {
  const xml = definition.replace(/<metadata>[^]*?<\/metadata>/, '');
  const [, inOs] = /<boot dev='(\w+)'\/>/.exec(xml) ?? [];
  if (inOs !== undefined) return { hd: 'disk', network: 'pxe' }[inOs] ?? inOs;
  const ordered = Array.from(xml.matchAll(/<(disk|interface)\b([^>]*)>[^]*?<\/\1>/g))
    .map(([element, kind, attributes]) => ({
      device: kind === 'interface' ? 'pxe' : (/device='(\w+)'/.exec(attributes ?? '')?.[1] ?? 'disk'),
      order: Number(/<boot order='(\d+)'\/>/.exec(element)?.[1] ?? Infinity),
    }))
    .sort((a, b) => a.order - b.order);
  return ordered[0]?.device ?? 'none';
}
