/** What must be so when all faults are over. */
import { readFileSync } from 'node:fs';
import { exchange } from '#supervisor/cli/control-client.ts';
import { waitFor } from '#support/wait-for.ts';
import type { ListedBmc } from '../vbmcd.ts';
import type { ChaosScene } from './chaos-scene.ts';
import { compareEdits, compareListing, readSections } from './inventory-state.ts';
import { bugsIn } from './told-lines.ts';

const REST_MS = 120_000;

/** vbmcd lists what the file says, all BMCs run, and no edit that was acknowledged is lost. */
export async function checkInventory({ vbmcd, extra, tally, ledger, now }: ChaosScene): Promise<void> {
  const { inventoryFile } = vbmcd.current;
  const file = readSections(readFileSync(inventoryFile, 'utf8'));
  let wrong: readonly string[] = ['vbmcd does not answer'];
  const look = async (): Promise<boolean> => {
    const listed: readonly ListedBmc[] = await vbmcd.current.list();
    wrong = compareListing(file, listed);
    return wrong.length === 0;
  };
  await waitFor('the inventory to be as the file', look, { timeoutMs: REST_MS, intervalMs: 500 }).catch(
    () => undefined,
  );
  for (const what of [...wrong, ...compareEdits(file, extra.states)]) {
    const history = [
      ...ledger.history(undefined, now()),
      ...tally.refusedEdits.slice(-8).map((line) => `edit, ${line}`),
    ];
    tally.violate({ kind: 'inventory', what, history });
  }
}

/** vbmcd has met no bug of its own, and no worker has broken a rule. */
export async function checkBugs({ vbmcd, tally, ledger, now }: ChaosScene, since: number): Promise<void> {
  const history = ledger.history(undefined, now());
  for (const { at, text } of bugsIn(vbmcd.lines.filter((line) => line.at >= since)))
    tally.violate({ kind: 'vbmcd', what: `${(at / 1000).toFixed(1)} s: ${text}`, history });
  const { body } = await exchange(vbmcd.current.runDirectory, 'GET', '/metrics').catch(() => ({ body: '' }));
  if (!body.includes('vbmc_internal_errors_total 0\n'))
    tally.violate({ kind: 'vbmcd', what: 'vbmc_internal_errors_total is not 0', history });
}

/** The worker of each BMC, and how often it was restarted. */
export async function workers({ vbmcd, domains }: ChaosScene): Promise<ReadonlyMap<string, string>> {
  const listed = await vbmcd.current.running(...domains.map(({ name }) => name));
  return new Map(
    listed.map(({ name, pid, restarts }) => [name, `process ${pid ?? '-'}, ${restarts} restarts`]),
  );
}

/** In a round whose faults hit one BMC at most, the workers of all others stay. */
export function checkWorkers(
  { tally, ledger, domains, now }: ChaosScene,
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
  since: number,
): void {
  for (const { name, index } of domains) {
    if (before.get(name) === after.get(name) || ledger.wasHit(index, since, now())) continue;
    tally.violate({
      kind: 'disturbed neighbour',
      what: `${name}: its worker was ${before.get(name) ?? '-'}, and is ${after.get(name) ?? '-'}`,
      history: ledger.history(undefined, now()),
    });
  }
}
