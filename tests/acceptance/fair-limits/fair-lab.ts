/** A running QEMU domain with a BMC on all addresses that has users of each level. */
import type { BmcSessions } from '#supervisor/status/bmc-sessions.ts';
import type { EventRecord } from '#supervisor/control/event-record.ts';
import { startLab, type Lab } from '#lab/lab.ts';
import type { RemoteBmc } from '#support/clients/console-to.ts';
import { LEVELLED_USER_SECTIONS } from '#support/clients/levelled-users.ts';
import type { PartContext } from './part.ts';

export interface FairLab {
  readonly lab: Lab;
  /** The BMC at one of its addresses. The user is the administrator. */
  at(address: string): RemoteBmc;
  /** How many sessions each user has. */
  sessionsByUser(): Promise<Readonly<Record<string, number>>>;
  events(...args: readonly string[]): Promise<readonly EventRecord[]>;
}

/** `run` gets the lab; whatever it does, and when the operator interrupts it, nothing is left running. */
export async function inFairLab(
  { unlessInterrupted }: Pick<PartContext, 'unlessInterrupted'>,
  run: (fairLab: FairLab) => Promise<void>,
): Promise<void> {
  const lab = await startLab({
    vbmcd: { inventoryKeys: { address: '::' }, inventorySections: LEVELLED_USER_SECTIONS },
  });
  try {
    await lab.libvirt.virsh('start', 'node-0');
    await lab.waitForDomstate('node-0', 'running');
    const fairLab: FairLab = {
      lab,
      at: (address) => ({ ...lab.bmc(0), address }),
      sessionsByUser: () => sessionsByUser(lab),
      events: (...args) => eventsOf(lab, args),
    };
    await unlessInterrupted(run(fairLab));
  } finally {
    await lab.stop();
  }
}

async function sessionsByUser({ vbmcd }: Lab): Promise<Record<string, number>> {
  const { stdout } = await vbmcd.vbmc('sessions', 'node-0', '--json');
  const { bmcs } = JSON.parse(stdout) as { readonly bmcs: readonly BmcSessions[] };
  const counts: Record<string, number> = {};
  for (const { user } of bmcs[0]?.sessions ?? []) counts[user] = (counts[user] ?? 0) + 1;
  return counts;
}

async function eventsOf({ vbmcd }: Lab, args: readonly string[]): Promise<readonly EventRecord[]> {
  const { exitCode, stdout, stderr } = await vbmcd.vbmc('events', '--json', '--last', '1000', ...args);
  if (exitCode !== 0) throw new Error(`vbmc events: ${stderr}`);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as EventRecord);
}
