import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { LabDirectory } from './lab-directory.ts';

const CHECKOUT = join(import.meta.dirname, '../..');

/** What is needed to run vbmcd, in the structure in which it finds its worker. */
const parts = [
  'supervisor/package.json',
  'supervisor/bin',
  'supervisor/dist',
  'bmc-worker/package.json',
  'bmc-worker/dist',
];

export interface InstalledApp {
  readonly vbmcd: string;
  readonly vbmc: string;
  /** The bundle of one BMC, which `vbmcd` starts. */
  readonly worker: string;
}

/**
 * Copies the built programs into the lab: the lab user may not be able to read the checkout. `workerStandIn`: the text of a
 * program in place of the worker, which becomes `real-worker.cjs` next to it.
 */
export function installApp(directory: LabDirectory, workerStandIn?: string): InstalledApp {
  for (const part of parts) copyIntoLab(directory, join(CHECKOUT, 'packages', part), `app/${part}`);
  if (workerStandIn !== undefined) {
    const worker = join(CHECKOUT, 'packages/bmc-worker/dist/main.cjs');
    copyIntoLab(directory, worker, 'app/bmc-worker/dist/real-worker.cjs');
    directory.write('app/bmc-worker/dist/main.cjs', workerStandIn);
  }
  const app = join(directory.path, 'app');
  return {
    vbmcd: join(app, 'supervisor/bin/vbmcd.js'),
    vbmc: join(app, 'supervisor/bin/vbmc.js'),
    worker: join(app, 'bmc-worker/dist/main.cjs'),
  };
}

/** Copies a file or a whole directory, e.g. of fixture programs; returns where it is in the lab. */
export function copyIntoLab(directory: LabDirectory, source: string, relativePath: string): string {
  if (!existsSync(source)) throw new Error(`${source} is missing: run npm run build`);
  const { mode } = statSync(source);
  if (statSync(source).isDirectory()) {
    for (const name of readdirSync(source)) {
      copyIntoLab(directory, join(source, name), `${relativePath}/${name}`);
    }
    return directory.makeDirectory(relativePath);
  }
  // The owner's umask may have been tight; what counts here is whether it is a program.
  return directory.write(relativePath, readFileSync(source), (mode & 0o111) === 0 ? 0o644 : 0o755);
}
