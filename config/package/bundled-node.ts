/**
 * The Node.js that goes into the package: the version and the checksum of `node.json`, from the npm registry,
 * stripped. It is cached in node_modules/.cache, so a second package needs no network.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { inCheckout } from './checkout.ts';
import { needProgram } from './debian-tools.ts';
import { runProgram } from './run-program.ts';

export interface BundledNode {
  readonly version: string;
  readonly program: string;
  readonly license: string;
}

interface Pin {
  readonly package: string;
  readonly version: string;
  /** Of the npm package: `sha512-` and base64. */
  readonly integrity: string;
}

export function provideNode(print: (line: string) => void): BundledNode {
  const pin = JSON.parse(readFileSync(inCheckout('config/package/node.json'), 'utf8')) as Pin;
  const cache = inCheckout('node_modules/.cache/vbmc-package');
  const directory = join(cache, `${pin.package}-${pin.version}`);
  if (!existsSync(directory)) {
    print(`fetching ${pin.package} ${pin.version} …`);
    mkdirSync(cache, { recursive: true });
    const temporary = mkdtempSync(join(cache, 'fetching-'));
    try {
      unpack(pin, temporary);
      renameSync(temporary, directory);
    } finally {
      rmSync(temporary, { recursive: true, force: true });
    }
  }
  return { version: pin.version, program: join(directory, 'node'), license: join(directory, 'LICENSE') };
}

function unpack(pin: Pin, directory: string): void {
  const answer = runProgram('npm', ['pack', '--json', `${pin.package}@${pin.version}`], { cwd: directory });
  const [packed] = JSON.parse(answer) as { filename: string }[];
  const tarball = join(directory, packed?.filename ?? '');
  const integrity = `sha512-${createHash('sha512').update(readFileSync(tarball)).digest('base64')}`;
  if (integrity !== pin.integrity) {
    throw new Error(
      `${pin.package} ${pin.version} has the checksum ${integrity}; node.json expects ${pin.integrity}`,
    );
  }
  const members = ['package/bin/node', 'package/LICENSE'];
  runProgram('tar', ['-xzf', tarball, '-C', directory, '--no-same-owner', ...members]);
  needProgram('strip', 'binutils');
  runProgram('strip', [join(directory, 'package/bin/node')]);
  renameSync(join(directory, 'package/bin/node'), join(directory, 'node'));
  renameSync(join(directory, 'package/LICENSE'), join(directory, 'LICENSE'));
  rmSync(join(directory, 'package'), { recursive: true });
  rmSync(tarball);
}
