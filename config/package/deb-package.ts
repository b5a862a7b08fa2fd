/** Makes the .deb with dpkg-deb; its texts and scripts are in `config/package/deb`. */
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, writeFileSync, chmodSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { inCheckout } from './checkout.ts';
import { needProgram } from './debian-tools.ts';
import { runProgram } from './run-program.ts';
import { filesUnder, sizeUnder } from './tree-files.ts';

export interface PackageOptions {
  readonly version: string;
  /** Seconds since 1970. No file in the package is younger, so the same tree gives the same bytes. */
  readonly sourceDateEpoch: number;
}

const scripts = ['postinst', 'prerm', 'postrm'];

/** Adds Debian's files to the tree and packs it into `file`. */
export function makeDeb(tree: string, file: string, { version, sourceDateEpoch }: PackageOptions): void {
  needProgram('dpkg-deb', 'dpkg');
  const source = (name: string): string => inCheckout(`config/package/deb/${name}`);
  mkdirSync(join(tree, 'usr/share/lintian/overrides'), { recursive: true });
  cpSync(source('lintian-overrides'), join(tree, 'usr/share/lintian/overrides/vbmc'));
  writeFileSync(join(tree, 'usr/share/doc/vbmc/changelog.gz'), changelog(version, sourceDateEpoch));
  const sums = filesUnder(tree).map((path) => `${md5(join(tree, path))}  ${path}\n`);
  const control = readFileSync(source('control'), 'utf8')
    .replace('@VERSION@', version)
    .replace('@INSTALLED_KB@', String(Math.ceil(sizeUnder(tree) / 1024)));
  mkdirSync(join(tree, 'DEBIAN'), { mode: 0o755 });
  writeFileSync(join(tree, 'DEBIAN/control'), control);
  writeFileSync(join(tree, 'DEBIAN/md5sums'), sums.join(''));
  for (const script of scripts) {
    cpSync(source(script), join(tree, 'DEBIAN', script));
    chmodSync(join(tree, 'DEBIAN', script), 0o755);
  }
  // One thread: xz splits its output by the number of threads.
  const format = ['--root-owner-group', '-Zxz', '--threads-max=1'];
  runProgram('dpkg-deb', [...format, '--build', tree, file], {
    env: { ...process.env, SOURCE_DATE_EPOCH: String(sourceDateEpoch) },
  });
}

function md5(file: string): string {
  return createHash('md5').update(readFileSync(file)).digest('hex');
}

/** In Debian's format; it refers to CHANGELOG.md for the changes. */
function changelog(version: string, sourceDateEpoch: number): Buffer {
  const date = new Date(sourceDateEpoch * 1000).toUTCString().replace('GMT', '+0000');
  const text = `vbmc (${version}) unstable; urgency=medium

  * See /usr/share/doc/vbmc/CHANGELOG.md.

 -- vbmc maintainers <maintainers@vbmc.invalid>  ${date}
`;
  return gzipSync(text, { level: 9 });
}
