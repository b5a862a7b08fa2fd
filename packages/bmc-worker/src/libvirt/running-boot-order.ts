/**
 * Gives a running QEMU another boot order, for its next reset, and notes in the running domain's metadata whose order it has.
 * Nothing is ended or restarted. libvirt has no function for this, hence QEMU's monitor (docs/decisions.md).
 */
import {
  indexChanges,
  nameOf,
  wantedIndexes,
  type IndexChange,
  type IndexedDevice,
  type WantedIndex,
} from './boot-index.ts';
import { failed, succeeded, type DomainConnection, type Result } from './domain-connection.ts';
import type { Definition } from './edit-definition.ts';
import type { MonitorCommand, MonitorReply } from './monitor-script.ts';
import type { FoundOverride } from './override-summary.ts';
import { readDomainXml } from './read-domain-xml.ts';
import { domainFailure } from './virsh-error.ts';

/** `impossible`: this needs a new process, because the hypervisor or the kind of override cannot do it. */
export type OrderChange = 'changed' | 'unchanged' | 'impossible';

/** Whether the override is more than a boot order: QEMU waits in the boot menu only if it was started with it. */
export function needsNewProcess(override: FoundOverride): boolean {
  return typeof override !== 'string' && override.bootFlags.device === 'biosSetup';
}

/**
 * Gives the running domain the boot order of `definition`. Does nothing for a domain that is off.
 *
 * @param live - what the running domain's metadata say.
 */
export async function followDefinition(
  domain: DomainConnection,
  definition: Definition,
  live: FoundOverride,
): Promise<Result<OrderChange>> {
  if (live === 'noDefinition') return succeeded('unchanged');
  const { override } = definition;
  const planned = await planIndexes(domain, definition.xml);
  if (!planned.ok) return planned;
  if (planned.value === 'impossible') return succeeded('impossible');
  if (override === undefined || needsNewProcess(override)) {
    const changed = await setIndexes(domain, planned.value);
    if (!changed.ok) return changed;
    if (typeof live !== 'string') {
      const noted = await domain.noteLiveOverride({ ...live, phase: 'takenBack' });
      if (!noted.ok) return failed(noted.failure);
    }
    return override === undefined ? changed : succeeded('impossible');
  }
  // Noted before it is so: a worker that dies in between must not find the override unused after a reboot that used it.
  const noted = await domain.noteLiveOverride({ ...override, phase: 'applied' });
  if (!noted.ok) return failed(noted.failure);
  const changed = await setIndexes(domain, planned.value);
  if (!changed.ok) await domain.noteLiveOverride({ ...override, id: 'none', phase: 'takenBack' });
  return changed;
}

interface IndexPlan {
  readonly wanted: readonly WantedIndex[];
  readonly present: readonly WantedIndex[];
}

async function planIndexes(
  domain: DomainConnection,
  definition: string,
): Promise<Result<IndexPlan | 'impossible'>> {
  const dumped = await domain.run('dumpxml');
  if (!dumped.ok) return failed(dumped.failure);
  const [live, inactive] = [await readDomainXml(dumped.stdout), await readDomainXml(definition)];
  if (live === undefined || inactive === undefined)
    return failed(domainFailure('virshFailed', 'virsh dumpxml printed no domain XML'));
  const all = wantedIndexes(live, inactive);
  if (all === undefined) return succeeded('impossible');
  const located = await locateControllers(domain, all);
  if (!located.ok) return located;
  const present = await readIndexes(domain, located.value);
  if (!present.ok) return present;
  return succeeded({ wanted: located.value, present: present.value });
}

/** A floppy drive's boot index is a property of its controller, which has no name of its own. */
async function locateControllers(
  domain: DomainConnection,
  devices: readonly WantedIndex[],
): Promise<Result<readonly WantedIndex[]>> {
  const drives = devices.filter(({ property }) => property !== 'bootindex');
  if (drives.length === 0) return succeeded(devices);
  const buses = await domain.monitor(drives.map(({ path }) => get(path, 'parent_bus')));
  if (!buses.ok) return buses;
  const others = devices.filter(({ property }) => property === 'bootindex');
  const located = drives.flatMap((drive, at) => {
    const controller = controllerOf(buses.value[at]);
    return controller === undefined ? [] : [{ ...drive, path: controller }];
  });
  return succeeded([...others, ...located]);
}

function controllerOf(bus: MonitorReply | undefined): string | undefined {
  const path = bus?.ok === true && typeof bus.value === 'string' ? bus.value : '';
  return /^(\/.+)\/[^/]+$/.exec(path)?.[1];
}

/** The indexes that QEMU has now. Devices that cannot have one are left out. */
async function readIndexes(
  domain: DomainConnection,
  devices: readonly IndexedDevice[],
): Promise<Result<readonly WantedIndex[]>> {
  if (devices.length === 0) return succeeded([]);
  const replies = await domain.monitor(devices.map(({ path, property }) => get(path, property)));
  if (!replies.ok) return replies;
  return succeeded(indexesIn(replies.value, devices));
}

function indexesIn(
  replies: readonly MonitorReply[],
  devices: readonly IndexedDevice[],
): readonly WantedIndex[] {
  return devices.flatMap(({ path, property }, at) => {
    const reply = replies[at];
    return reply?.ok === true && typeof reply.value === 'number'
      ? [{ path, property, index: reply.value }]
      : [];
  });
}

async function setIndexes(domain: DomainConnection, plan: IndexPlan): Promise<Result<OrderChange>> {
  const { present } = plan;
  const known = new Set(present.map(nameOf));
  const wanted = plan.wanted.filter((device) => known.has(nameOf(device)) || device.index >= 0);
  const changes = indexChanges(present, wanted);
  if (changes.length === 0) return succeeded('unchanged');
  const sent = await domain.monitor([
    ...changes.map(set),
    ...wanted.map(({ path, property }) => get(path, property)),
  ]);
  if (!sent.ok) return sent;
  const now = indexesIn(sent.value.slice(changes.length), wanted);
  if (indexChanges(now, wanted).length === 0) return succeeded('changed');
  // Half an order could leave the machine without anything to boot from.
  const back = indexChanges(now, present);
  if (back.length > 0) await domain.monitor(back.map(set));
  const refused = sent.value.find((reply) => !reply.ok);
  const why = refused?.ok === false ? refused.why : 'the boot indexes read back are others';
  return failed(domainFailure('notAchieved', `QEMU does not take another boot order while it runs: ${why}`));
}

function get(path: string, property: string): MonitorCommand {
  return { execute: 'qom-get', arguments: { path, property } };
}

function set({ path, property, index }: IndexChange): MonitorCommand {
  return { execute: 'qom-set', arguments: { path, property, value: index } };
}
