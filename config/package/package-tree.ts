/** Lays out the files of the package as they are installed: one tree for .deb and .rpm. */
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { inCheckout } from './checkout.ts';
import { runProgram } from './run-program.ts';
import { thirdPartyNotices } from './third-party-notices.ts';

export interface TreeOptions {
  readonly version: string;
  /** The paths of the program and of its licence. */
  readonly node: { readonly program: string; readonly license: string };
}

/** Source and destination; a directory is copied with its files. */
const copies: readonly (readonly [from: string, to: string])[] = [
  ['packages/supervisor/dist', 'usr/lib/vbmc/supervisor/dist'],
  ['packages/bmc-worker/dist', 'usr/lib/vbmc/bmc-worker/dist'],
  ['config/systemd/vbmc.service', 'usr/lib/systemd/system/vbmc.service'],
  ['config/systemd/vbmc.user.service', 'usr/lib/systemd/user/vbmc.service'],
  ['config/systemd/vbmc.slice', 'usr/lib/systemd/system/vbmc.slice'],
  ['config/systemd/vbmc.sysusers.conf', 'usr/lib/sysusers.d/vbmc.conf'],
  ['config/systemd/vbmc.tmpfiles.conf', 'usr/lib/tmpfiles.d/vbmc.conf'],
  ['config/polkit/60-vbmc.rules', 'usr/share/polkit-1/rules.d/60-vbmc.rules'],
  ['config/package/domains.ini', 'usr/share/vbmc/domains.ini'],
  ['config/package/ssh_config', 'usr/share/vbmc/ssh_config'],
  ['config/domains.ini', 'usr/share/doc/vbmc/examples/domains.ini'],
  ['config/prometheus-alerts.yml', 'usr/share/doc/vbmc/examples/prometheus-alerts.yml'],
  ['config/polkit/50-vbmc-domains.rules', 'usr/share/doc/vbmc/examples/50-vbmc-domains.rules'],
  ['config/fail2ban/vbmc.conf', 'usr/share/doc/vbmc/examples/fail2ban/vbmc.conf'],
  ['README.md', 'usr/share/doc/vbmc/README.md'],
  ['CHANGELOG.md', 'usr/share/doc/vbmc/CHANGELOG.md'],
  ['docs', 'usr/share/doc/vbmc/docs'],
];

/**
 * The names by which scripts for VirtualBMC know the service, as links to the unit. Not `Alias=` in the unit: `systemctl enable`
 * refuses a name that `Alias=` has linked in /etc, and deb-systemd-helper reads two names there as one.
 */
const links: readonly (readonly [link: string, target: string])[] = [
  ['usr/lib/systemd/system/virtualbmc.service', 'vbmc.service'],
  ['usr/lib/systemd/system/vbmcd.service', 'vbmc.service'],
];

const installedPrograms: readonly (readonly [from: string, to: string])[] = [
  ['config/package/bin/vbmc', 'usr/bin/vbmc'],
  ['config/package/bin/vbmcd', 'usr/bin/vbmcd'],
];

const completions: readonly (readonly [shell: string, to: string])[] = [
  ['bash', 'usr/share/bash-completion/completions/vbmc'],
  ['zsh', 'usr/share/zsh/vendor-completions/_vbmc'],
  ['fish', 'usr/share/fish/vendor_completions.d/vbmc.fish'],
];

/** Lays the files out under `root`, an empty directory. The project must be built. */
export function layOutTree(root: string, { version, node }: TreeOptions): void {
  const at = (path: string): string => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    return join(root, path);
  };
  for (const [from, to] of copies) cpSync(inCheckout(from), at(to), { recursive: true });
  for (const [from, to] of installedPrograms) cpSync(inCheckout(from), at(to));
  for (const [link, target] of links) symlinkSync(target, at(link));
  cpSync(node.program, at('usr/lib/vbmc/node'));
  const manifest = { name: 'vbmc', version, type: 'module' };
  for (const part of ['supervisor', 'bmc-worker']) {
    writeFileSync(at(`usr/lib/vbmc/${part}/package.json`), `${JSON.stringify(manifest)}\n`);
  }
  for (const [shell, to] of completions) {
    writeFileSync(at(to), runProgram(process.execPath, [VBMC_PROGRAM, 'completion', shell]));
  }
  for (const page of manualPages()) {
    writeFileSync(at(`usr/share/man/man${page.slice(-1)}/${basename(page)}.gz`), gzipped(page));
  }
  writeFileSync(at('usr/share/doc/vbmc/copyright'), copyright(node.license));
  fixModes(root, new Set([...installedPrograms.map(([, to]) => to), 'usr/lib/vbmc/node']));
}

const VBMC_PROGRAM = inCheckout('packages/supervisor/dist/vbmc.js');

function manualPages(): string[] {
  return readdirSync(inCheckout('config/man')).map((name) => `config/man/${name}`);
}

/** Without a file name or a time inside, so that the bytes depend on the content only. */
function gzipped(path: string): Buffer {
  return gzipSync(readFileSync(inCheckout(path)), { level: 9 });
}

function copyright(nodeLicense: string): string {
  const bundles = ['supervisor', 'bmc-worker'].flatMap((name) => {
    const directory = inCheckout(`packages/${name}/dist`);
    return readdirSync(directory).map((file) => readFileSync(join(directory, file), 'utf8'));
  });
  return [
    readFileSync(inCheckout('config/package/copyright'), 'utf8').trim(),
    thirdPartyNotices(bundles).trim(),
    `Node.js (/usr/lib/vbmc/node)\n----------------------------\n\n${readFileSync(nodeLicense, 'utf8').trim()}`,
  ].join('\n\n\n');
}

function fixModes(root: string, programs: ReadonlySet<string>, directory = ''): void {
  chmodSync(join(root, directory), 0o755);
  for (const entry of readdirSync(join(root, directory), { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) fixModes(root, programs, path);
    else if (entry.isFile()) chmodSync(join(root, path), programs.has(path) ? 0o755 : 0o644);
  }
}
