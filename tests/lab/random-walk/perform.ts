import type { Lab } from '../lab.ts';
import type { DomainModel } from './domain-model.ts';
import type { GuestVerb, Operation, VirshVerb } from './operation.ts';
import { attachConfig, type WalkDomain } from './walk-domain.ts';

/** What the one who did it was told; undefined: it was done. */
export type Refusal = string | undefined;

const guestBytes: Readonly<Record<GuestVerb, string>> = { reboot: 'r', poweroff: 'o', panic: 'p' };

/** So patient that what ipmitool sends twice is no part of the walk. */
const patience = { retryIntervalSeconds: 20, tries: 3 } as const;

export async function perform(
  lab: Lab,
  domain: WalkDomain,
  operation: Operation,
  model: DomainModel,
): Promise<Refusal> {
  switch (operation.by) {
    case 'guest':
      await lab.guest(domain.index).type(guestBytes[operation.verb]);
      return undefined;
    case 'virsh':
      if (operation.verb === 'snapshot') await deleteSnapshot(lab, domain.name);
      return virsh(lab, virshCommands(domain, operation.verb, model));
    case 'ipmi': {
      const { exitCode, stderr } = await lab.ipmitool(
        lab.bmc(domain.index),
        ipmitoolArguments(operation),
        patience,
      );
      return exitCode === 0 && stderr === '' ? undefined : stderr.trim() || `exit code ${exitCode ?? 'none'}`;
    }
  }
}

/**
 * A running domain that is undefined keeps its snapshots: there may be one that the model has forgotten. libvirt 9.0 crashes in
 * qemuSnapshotDelete when the snapshot names a disk that the running domain does not have; it does not look at the disks when
 * only its own record of the snapshot goes.
 */
async function deleteSnapshot(lab: Lab, name: string): Promise<void> {
  const snapshot = await lab.libvirt.virsh('snapshot-dumpxml', name, 'walk').catch(() => '');
  const disks = await lab.libvirt.virsh('domblklist', name);
  const named = [...snapshot.matchAll(/<target dev='(\w+)'/g)].map(([, target]) => target ?? '');
  const missing = named.some((target) => !new RegExp(`^ *${target} `, 'm').test(disks));
  await virsh(lab, [['snapshot-delete', name, 'walk', ...(missing ? ['--metadata'] : [])]]);
}

async function virsh(lab: Lab, commands: readonly (readonly string[])[]): Promise<Refusal> {
  try {
    for (const command of commands) await lab.libvirt.virsh(...command);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function virshCommands(
  domain: WalkDomain,
  verb: VirshVerb,
  model: DomainModel,
): readonly (readonly string[])[] {
  const { name } = domain;
  const forget = ['undefine', name, '--managed-save', '--snapshots-metadata'];
  const define = (generation: number): string[] => ['define', domain.originalFile(generation)];
  switch (verb) {
    case 'define':
      return [define(model.generation)];
    case 'redefine':
      return [forget, define(model.generation)];
    case 'replace':
      return [forget, define(model.generation + 1)];
    case 'snapshot':
      return [['snapshot-create-as', name, 'walk']];
    case 'revert':
      return [['snapshot-revert', name, 'walk', '--force']];
    case 'attach-config':
      return [attachConfig(name, domain.configDisk)];
    case 'detach-config':
      return [['detach-disk', name, 'vdb', '--config']];
    case 'attach-live':
      return [['attach-disk', name, domain.liveDisk, 'vdc', '--live', '--subdriver', 'qcow2']];
    case 'shutdown':
      return [['shutdown', name, '--mode', 'acpi']];
    default:
      return [[verb, name]];
  }
}

function ipmitoolArguments(operation: Extract<Operation, { readonly by: 'ipmi' }>): string[] {
  switch (operation.verb) {
    case 'power':
      return ['chassis', 'power', operation.power];
    case 'bootdev':
      return [
        'chassis',
        'bootdev',
        operation.device,
        ...(operation.persistent ? ['options=persistent'] : []),
      ];
    case 'policy':
      return ['chassis', 'policy', operation.policy];
    case 'mc reset':
      return ['mc', 'reset', 'cold'];
  }
}
