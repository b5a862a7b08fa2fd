/** Several processes edit the inventory and reload at once. They touch BMCs of their own only. */
import { chmodSync, chownSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import type { CommandResult } from '../run-command.ts';
import type { ChaosScene } from './chaos-scene.ts';
import { afterEdit, possibleEdits, type EditVerb } from './inventory-state.ts';

const AT_ONCE = 4;
const RELOADS = 3;
const HAND_EDIT_ONE_IN = 4;
/** A `vbmc` that a stopped vbmcd keeps waiting. */
const EDIT_MS = 180_000;

export async function editInventory(scene: ChaosScene): Promise<void> {
  const { random } = scene.extra;
  if (random.below(HAND_EDIT_ONE_IN) === 0) return editByHand(scene);
  const names = [...scene.extra.states.keys()];
  while (names.length > AT_ONCE) names.splice(random.below(names.length), 1);
  const edits = names.map((name) => {
    const possible = possibleEdits(scene.extra.states.get(name) ?? 'unknown');
    return edit(scene, name, possible[random.below(possible.length)] ?? 'delete');
  });
  await Promise.all([...edits, reload(scene)]);
}

async function edit(scene: ChaosScene, name: string, verb: EditVerb): Promise<void> {
  const { extra, tally } = scene;
  const port = extra.ports[[...extra.states.keys()].indexOf(name)] ?? 0;
  const keys =
    verb === 'add'
      ? [
          ...['--port', String(port), '--address', '127.0.0.1', '--password', 'extra', '--no-check'],
          ...['--domain-name', name, '--libvirt-uri', scene.libvirt.connectionUri],
        ]
      : [];
  const { inventoryFile } = scene.vbmcd.current;
  const { exitCode, stderr } = await vbmc(scene, verb, name, ...keys, '--inventory', inventoryFile);
  const state = afterEdit(verb, exitCode);
  extra.states.set(name, state);
  tally.edits += 1;
  if (state !== 'unknown') return;
  tally.refusedEdits.push(`${verb} ${name}: exit code ${exitCode ?? 'none'}, ${stderr.trim()}`);
}

/** As an editor does that saves a new version; alone, because it takes no lock. */
async function editByHand(scene: ChaosScene): Promise<void> {
  const { extra, vbmcd, tally } = scene;
  const { inventoryFile } = vbmcd.current;
  extra.handEdits += 1;
  const text = readFileSync(inventoryFile, 'utf8').replace(/^# edited \d+ times by hand\n/, '');
  const { uid, gid, mode } = statSync(inventoryFile);
  writeFileSync(`${inventoryFile}~`, `# edited ${extra.handEdits} times by hand\n${text}`);
  chownSync(`${inventoryFile}~`, uid, gid);
  chmodSync(`${inventoryFile}~`, mode);
  renameSync(`${inventoryFile}~`, inventoryFile);
  tally.edits += 1;
  await Promise.all(Array.from({ length: RELOADS }, () => reload(scene)));
}

async function reload(scene: ChaosScene): Promise<void> {
  await vbmc(scene, 'reload');
}

function vbmc({ libvirt, vbmcd }: ChaosScene, ...args: readonly string[]): Promise<CommandResult> {
  const { app, runDirectory } = vbmcd.current;
  const command = [app.vbmc, '--run-dir', runDirectory, ...args];
  return libvirt.run(process.execPath, command, { timeoutMs: EDIT_MS });
}
