/** Makes the .rpm with rpmbuild (Debian's package `rpm`); its settings are in `config/package/rpm/vbmc.spec`. */
import { cpSync, lutimesSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inCheckout } from './checkout.ts';
import { needProgram } from './debian-tools.ts';
import type { PackageOptions } from './deb-package.ts';
import { runProgram } from './run-program.ts';
import { filesUnder, linksUnder } from './tree-files.ts';

/** Directories that differ between Debian and the distributions with RPM. */
const moved: readonly (readonly [from: string, to: string])[] = [
  ['usr/share/zsh/vendor-completions', 'usr/share/zsh/site-functions'],
];

/** Packs the tree into `file`; `scratch` is an empty directory for rpmbuild. */
export function makeRpm(
  tree: string,
  file: string,
  scratch: string,
  { version, sourceDateEpoch }: PackageOptions,
): void {
  needProgram('rpmbuild', 'rpm');
  const own = join(scratch, 'tree');
  cpSync(tree, own, { recursive: true, verbatimSymlinks: true });
  for (const [from, to] of moved) renameSync(join(own, from), join(own, to));
  const files = [...filesUnder(own), ...linksUnder(own)].sort();
  for (const path of files) lutimesSync(join(own, path), sourceDateEpoch, sourceDateEpoch);
  const spec = readFileSync(inCheckout('config/package/rpm/vbmc.spec'), 'utf8')
    .replace('@VERSION@', version)
    .replace('@TREE@', own)
    .replace('@FILES@', ['%defattr(-,root,root)', ...files.map((path) => `/${path}`)].join('\n'));
  writeFileSync(join(scratch, 'vbmc.spec'), spec);
  mkdirSync(join(scratch, 'out'));
  const settings = {
    _topdir: join(scratch, 'rpmbuild'),
    _rpmdir: join(scratch, 'out'),
    _rpmfilename: 'vbmc.rpm',
    // The files stay as in the .deb: rpmbuild strips, compiles and links nothing.
    __os_install_post: '%{nil}',
    debug_package: '%{nil}',
    _build_id_links: 'none',
    _binary_payload: 'w12.zstdio',
    _buildhost: 'vbmc.invalid',
    use_source_date_epoch_as_buildtime: '1',
    clamp_mtime_to_source_date_epoch: '1',
  };
  const defines = Object.entries(settings).flatMap(([name, value]) => ['--define', `${name} ${value}`]);
  runProgram('rpmbuild', ['-bb', '--target', 'x86_64', ...defines, join(scratch, 'vbmc.spec')], {
    env: { ...process.env, SOURCE_DATE_EPOCH: String(sourceDateEpoch) },
  });
  renameSync(join(scratch, 'out/vbmc.rpm'), file);
  rmSync(own, { recursive: true });
}
