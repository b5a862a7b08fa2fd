/** The .deb without its Node.js: what is in it, with which owner and mode, and the same bytes twice. */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makePackages } from '../../config/package/make-packages.ts';
import { runProgram } from '../../config/package/run-program.ts';

const DIRECTORY = mkdtempSync(join(tmpdir(), 'vbmc-package-test-'));

afterAll(() => {
  rmSync(DIRECTORY, { recursive: true, force: true });
});

function makeDeb(name: string): string {
  const files = join(DIRECTORY, name);
  mkdirSync(files);
  const node = { program: join(files, 'node'), license: join(files, 'LICENSE') };
  writeFileSync(node.program, 'in the place of Node.js');
  writeFileSync(node.license, 'its licence');
  const options = { version: '1.2.3~test', node, sourceDateEpoch: 1_700_000_000, directory: files };
  const [deb = ''] = makePackages({ ...options, formats: ['deb'] });
  return deb;
}

function sha256(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

const DEB = makeDeb('first');

test('two packages of one tree are the same', () => {
  expect(sha256(makeDeb('second'))).toBe(sha256(DEB));
});

test('each file belongs to root, and only programs may be run', () => {
  const lines = runProgram('dpkg-deb', ['-c', DEB]).trim().split('\n');
  const files = lines.map((line) => line.split(/\s+/)).filter(([mode]) => mode?.startsWith('-'));
  expect(new Set(files.map(([, owner]) => owner))).toEqual(new Set(['root/root']));
  const programs = files.filter(([mode]) => mode === '-rwxr-xr-x').map((fields) => fields.at(-1));
  expect(programs).toEqual(['./usr/bin/vbmc', './usr/bin/vbmcd', './usr/lib/vbmc/node']);
  const names = files.map((fields) => fields.at(-1));
  for (const name of [
    'lib/systemd/system/vbmc.service',
    'lib/systemd/user/vbmc.service',
    'lib/sysusers.d/vbmc.conf',
    'lib/tmpfiles.d/vbmc.conf',
    'lib/vbmc/supervisor/dist/vbmcd.js',
    'lib/vbmc/bmc-worker/dist/main.cjs',
    'share/polkit-1/rules.d/60-vbmc.rules',
    'share/man/man1/vbmc.1.gz',
    'share/man/man5/domains.ini.5.gz',
    'share/man/man8/vbmcd.8.gz',
    'share/bash-completion/completions/vbmc',
    'share/doc/vbmc/copyright',
    'share/doc/vbmc/examples/domains.ini',
    'share/doc/vbmc/examples/prometheus-alerts.yml',
  ]) {
    expect(names).toContain(`./usr/${name}`);
  }
});

test('the unit has the names by which scripts for VirtualBMC know the service', () => {
  const lines = runProgram('dpkg-deb', ['-c', DEB]).trim().split('\n');
  const links = lines
    .filter((line) => line.startsWith('l'))
    .map((line) => line.split(/\s+/).slice(5).join(' '));
  expect(links).toEqual([
    './usr/lib/systemd/system/vbmcd.service -> vbmc.service',
    './usr/lib/systemd/system/virtualbmc.service -> vbmc.service',
  ]);
});

test("it takes the place of VirtualBMC's packages", () => {
  for (const field of ['Provides', 'Conflicts', 'Replaces'])
    expect(runProgram('dpkg-deb', ['-f', DEB, field]).trim()).toBe('python3-virtualbmc, virtualbmc');
});

test('nothing of /etc is in it: an inventory is made where there is none, and never replaced', () => {
  const tree = join(DIRECTORY, 'tree');
  runProgram('dpkg-deb', ['-R', DEB, tree]);
  expect(runProgram('find', [tree, '-path', '*/etc/*'])).toBe('');
  for (const script of ['postinst', 'prerm', 'postrm'])
    runProgram('sh', ['-n', join(tree, 'DEBIAN', script)]);
  const copyright = readFileSync(join(tree, 'usr/share/doc/vbmc/copyright'), 'utf8');
  for (const library of ['winston', 'commander', 'execa', 'zod'])
    expect(copyright).toContain(`\n${library} `);
});
