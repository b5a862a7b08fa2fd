/** One request to a domain of one shape: what really boots, then and afterwards, and what is left in the definition. */
import { waitFor } from '#support/wait-for.ts';
import { bootAfter } from './boots-said.ts';
import { expectedBoot, usualBoot, type Request } from './shape.ts';
import type { ShapeDomain } from './shape-lab.ts';
import { tryFirmwareSetup } from './try-firmware-setup.ts';

const RESTORE_TIMEOUT_MS = 30_000;

/** What is not as it must be; empty: all is right. */
export async function tryCell(domain: ShapeDomain, request: Request): Promise<readonly string[]> {
  const wrong: string[] = [];
  const { shape } = domain;
  if ((await domain.virsh('domstate')).trim() !== 'shut off') await domain.virsh('destroy');
  await prepareStorage(domain);
  if (request.device === 'bios') return tryFirmwareSetup(domain);
  const asked = expectedBoot(shape, request.device);
  const usual = usualBoot(shape);
  const original = await domain.definition();

  const options = request.persistent ? ['options=persistent'] : [];
  const set = await domain.ipmitool('chassis', 'bootdev', request.device, ...options);
  const isRefused = set.exitCode !== 0 || set.stderr !== '';
  if (asked === 'refused') {
    if (!isRefused) wrong.push('bootdev succeeds, and there is no such device');
    if ((await domain.definition()) !== original)
      wrong.push('the definition is changed, and there is no such device');
    if (wrong.length > 0) await domain.ipmitool('chassis', 'bootdev', 'none');
    return wrong;
  }
  if (isRefused) return [`bootdev is refused: ${set.stderr.trim()}`];

  const boots = async (
    what: string,
    wanted: string | undefined,
    act: () => Promise<unknown>,
  ): Promise<void> => {
    const said = domain.lines().length;
    await act();
    const found = await bootAfter(domain, said, wanted);
    if (found === wanted) return;
    wrong.push(`${what}: wanted ${wanted ?? 'nothing'}, booted ${found}`);
    // What comes after that would take as long, and tell nothing new.
    if (found === 'nothing')
      throw new Error(`nothing further was tried; the last it said: ${domain.text().slice(-200)}`);
  };
  const power = async (verb: string): Promise<void> => {
    const { exitCode, stderr } = await domain.ipmitool('chassis', 'power', verb);
    if (exitCode !== 0) throw new Error(`power ${verb}: ${stderr.trim()}`);
  };
  try {
    // A resumed guest says nothing.
    const resumes = shape.storage === 'managed save' && request.device === 'none';
    if (resumes) await domain.virsh('managedsave-remove');
    await boots('power on', asked, () => power('on'));
    const later = request.persistent ? asked : usual;
    if (!request.persistent) wrong.push(...(await restored(domain, original, 'after the boot')));
    await boots('guest reboot', later, () => reboot(domain));
    await power('off');
    await boots('off and on', later, () => power('on'));
    await domain.ipmitool('chassis', 'bootdev', 'none');
    wrong.push(...(await restored(domain, original, 'after bootdev none')));
    if (request.persistent) await boots('power cycle after bootdev none', usual, () => power('cycle'));
  } catch (error) {
    wrong.push(error instanceof Error ? error.message : String(error));
    await domain.ipmitool('chassis', 'bootdev', 'none');
  }
  await domain.ipmitool('chassis', 'power', 'off');
  return wrong;
}

async function prepareStorage(domain: ShapeDomain): Promise<void> {
  const { storage } = domain.shape;
  if (storage === undefined) return;
  const said = domain.lines().length;
  await domain.virsh('start');
  await bootAfter(domain, said, usualBoot(domain.shape));
  if (storage === 'managed save') {
    await domain.virsh('managedsave');
    return;
  }
  const snapshots = (await domain.virsh('snapshot-list', '--name')).trim();
  if (snapshots === '') await domain.virsh('snapshot-create-as', 'running');
  await domain.virsh('destroy');
}

/** By the guest where it runs a program of ours; firmware that waits for a network has none. */
async function reboot(domain: ShapeDomain): Promise<void> {
  const isOurs = domain.lines().at(-1)?.startsWith('boot ') === true;
  if (isOurs) await domain.type('r');
  else await domain.virsh('reset');
}

async function restored(domain: ShapeDomain, original: string, when: string): Promise<string[]> {
  try {
    await waitFor('the definition to be restored', async () => (await domain.definition()) === original, {
      timeoutMs: RESTORE_TIMEOUT_MS,
    });
    return [];
  } catch {
    return [`${when}: the definition is not what it was`];
  }
}
