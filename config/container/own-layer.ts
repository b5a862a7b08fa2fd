/** The upper layer: the programs of the package, without what belongs to systemd, polkit and manual pages. */
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inCheckout } from '../package/checkout.ts';
import { layOutTree, type TreeOptions } from '../package/package-tree.ts';
import { runProgram } from '../package/run-program.ts';
import { START_PROGRAM } from './image-config.ts';

/** Of the package's tree. */
const taken = [
  'usr/bin',
  'usr/lib/vbmc',
  'usr/share/vbmc',
  'usr/share/doc/vbmc/copyright',
  'usr/share/doc/vbmc/examples/domains.ini',
];

export interface OwnLayerOptions extends TreeOptions {
  /** Seconds since 1970: the time of all files. */
  readonly sourceDateEpoch: number;
}

/** Writes the layer to `file`. The project must be built. */
export function makeOwnLayer(file: string, options: OwnLayerOptions): void {
  const scratch = mkdtempSync(join(tmpdir(), 'vbmc-image-'));
  try {
    const [packaged, root] = [join(scratch, 'package'), join(scratch, 'root')];
    layOutTree(packaged, options);
    for (const path of taken) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      cpSync(join(packaged, path), join(root, path), { recursive: true });
    }
    cpSync(inCheckout('config/container/start.sh'), join(root, START_PROGRAM));
    chmodSync(join(root, START_PROGRAM), 0o755);
    linkWherePipInstalls(root);
    makeInventory(root);
    const owner = ['--owner=0', '--group=0', '--numeric-owner'];
    const order = ['--sort=name', `--mtime=@${options.sourceDateEpoch}`, '--format=gnu'];
    runProgram('tar', [...order, ...owner, '-C', root, '-cf', file, '.']);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Commands of containers that were written for VirtualBMC name the programs there. */
function linkWherePipInstalls(root: string): void {
  mkdirSync(join(root, 'usr/local/bin'), { recursive: true });
  for (const name of ['vbmc', 'vbmcd']) symlinkSync(`../../bin/${name}`, join(root, 'usr/local/bin', name));
}

/** The package's, which has no BMC and no password. */
function makeInventory(root: string): void {
  const directory = join(root, 'etc/vbmc');
  mkdirSync(join(directory, 'domains.d'), { recursive: true });
  cpSync(inCheckout('config/package/domains.ini'), join(directory, 'domains.ini'));
  for (const [path, mode] of [
    ['etc', 0o755],
    ['etc/vbmc', 0o750],
    ['etc/vbmc/domains.d', 0o750],
    ['etc/vbmc/domains.ini', 0o640],
    ['var/lib/vbmc', 0o755],
  ] as const) {
    if (path.startsWith('var')) mkdirSync(join(root, path), { recursive: true });
    chmodSync(join(root, path), mode);
  }
}
