/** Asks libvirt about the domains of many BMCs: a few calls of virsh at a time, each with a deadline. */
import { readDomainList } from '@vbmc/bmc-worker/libvirt';
import { readDefinition, type FirstDisk } from './domain-definition.ts';
import type { DomainFacts } from './exported-bmc.ts';
import { readCapacityGib, readDiskGib, splitDefinition } from './virsh-answers.ts';
import type { BmcSettings } from '../inventory/inventory.ts';
import type { AskVirsh, VirshAnswer } from '../virsh/virsh-query.ts';

/** A remote sshd refuses more than 10 logins at once. */
const QUESTIONS_AT_ONCE = 8;

export type DomainAnswer =
  | { readonly ok: true; readonly facts: DomainFacts; readonly diskGib?: number }
  | { readonly ok: false; readonly reason: string };

/** The answers are in the order of `bmcs`. `answered` is called after each. */
export async function askDomains(
  bmcs: readonly BmcSettings[],
  ask: AskVirsh,
  answered: () => void,
): Promise<readonly DomainAnswer[]> {
  const lists = new Map<string, Promise<VirshAnswer>>();
  return inParallel(bmcs, async (bmc) => {
    const { connectionUri, saslCredentials: sasl } = bmc;
    const connection = JSON.stringify([connectionUri, sasl?.username, sasl?.password.reveal()]);
    const list = lists.get(connection) ?? ask(connectionUri, ['list', '--all', '--uuid', '--name'], sasl);
    lists.set(connection, list);
    const answer = await askAbout(bmc, await list, ask);
    answered();
    return answer;
  });
}

/** Addresses the domain by UUID: virsh would take a name like `1` for the id of another domain. */
async function askAbout(bmc: BmcSettings, list: VirshAnswer, ask: AskVirsh): Promise<DomainAnswer> {
  const { connectionUri, domainName, saslCredentials: sasl } = bmc;
  if (!list.ok) return { ok: false, reason: `${connectionUri} cannot be asked: ${list.reason}` };
  const uuid = readDomainList(list.text).get(domainName.trimEnd());
  if (uuid === undefined) {
    return { ok: false, reason: `there is no domain ${domainName} on ${connectionUri}` };
  }
  // The inactive definition: what the domain has from its next start on, without what was plugged into the running one.
  const definitionOf = `dumpxml --inactive --domain ${uuid}`;
  // One virsh for both takes half the time. It fails if libvirt cannot tell the size of one of the disks.
  const both = await ask(connectionUri, [`${definitionOf}; domblkinfo --domain ${uuid} --all`], sasl);
  const dump = both.ok ? both : await ask(connectionUri, [definitionOf], sasl);
  if (!dump.ok) return { ok: false, reason: `its domain's definition cannot be read: ${dump.reason}` };
  const { xml, rest } = splitDefinition(dump.text);
  const definition = await readDefinition(xml);
  if (definition === undefined) return { ok: false, reason: "its domain's definition makes no sense" };
  const { facts, disk } = definition;
  const diskGib = disk && (readDiskGib(rest, disk.target) ?? (await askDisk(bmc, uuid, disk, ask)));
  return { ok: true, facts, ...(diskGib !== undefined && { diskGib }) };
}

/** For disks that the table lacks: volumes of a pool, and all disks of a domain that has an unreachable one. */
async function askDisk(
  { connectionUri, saslCredentials: sasl }: BmcSettings,
  uuid: string,
  { target, volume }: FirstDisk,
  ask: AskVirsh,
): Promise<number | undefined> {
  const question =
    volume === undefined
      ? ['domblkinfo', '--domain', uuid, '--device', target]
      : ['vol-info', '--bytes', '--pool', volume.pool, '--vol', volume.name];
  const answer = await ask(connectionUri, question, sasl);
  return answer.ok ? readCapacityGib(answer.text) : undefined;
}

async function inParallel<In, Out>(
  inputs: readonly In[],
  work: (input: In) => Promise<Out>,
): Promise<readonly Out[]> {
  const outputs: Out[] = [];
  const remaining = inputs.entries();
  const drain = async (): Promise<void> => {
    for (const [index, input] of remaining) outputs[index] = await work(input);
  };
  await Promise.all(Array.from({ length: QUESTIONS_AT_ONCE }, drain));
  return outputs;
}
