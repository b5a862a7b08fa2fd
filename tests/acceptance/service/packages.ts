/** The packages are reproducible, lintian finds no errors, and rpm can read the .rpm. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inCheckout } from '../../../config/package/checkout.ts';
import { needProgram } from '../../../config/package/debian-tools.ts';
import { runProgram } from '../../../config/package/run-program.ts';
import type { Report } from '../report.ts';
import type { SystemdLab } from '#lab/systemd/systemd-lab.ts';

function sha256(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}
function megabytes(file: string): string {
  return `${(statSync(file).size / 1e6).toFixed(1)} MB`;
}

export async function packages(_lab: SystemdLab, report: Report, deb: string): Promise<void> {
  await report.step('packages: the same bytes, made again', async () => {
    const again = mkdtempSync(join(tmpdir(), 'vbmc-packages-'));
    try {
      await Promise.resolve();
      const make = ['--import', 'tsx', inCheckout('config/package/main.ts'), '--directory', again];
      runProgram(process.execPath, make, { cwd: inCheckout('.') });
      const names = readdirSync(again);
      const details = names.map((name) => {
        const [first, second] = [join(inCheckout('dist'), name), join(again, name)].map(sha256);
        if (first !== second) throw new Error(`${name}: ${first ?? ''} and ${second ?? ''}`);
        return `${name} ${megabytes(join(again, name))} ${first?.slice(0, 12) ?? ''}…`;
      });
      if (details.length !== 2) throw new Error(`made ${names.join(', ')}`);
      return details.join(', ');
    } finally {
      rmSync(again, { recursive: true, force: true });
    }
  });

  await report.step('packages: lintian', async () => {
    await Promise.resolve();
    needProgram('lintian', 'lintian');
    const said = runProgram('lintian', [
      '--allow-root',
      '--fail-on',
      'error',
      '--tag-display-limit',
      '0',
      deb,
    ]);
    return `no errors, ${said.split('\n').filter((line) => line.startsWith('W:')).length} warnings`;
  });

  await report.step('packages: the .rpm', async () => {
    await Promise.resolve();
    const rpm = deb.replace(/vbmc_(.*)_amd64\.deb$/, 'vbmc-$1-1.x86_64.rpm');
    const files = runProgram('rpm', ['-qlp', rpm]).trim().split('\n');
    const scripts = runProgram('rpm', ['-qp', '--scripts', rpm]);
    for (const file of ['/usr/lib/systemd/system/vbmc.service', '/usr/bin/vbmcd', '/usr/lib/vbmc/node']) {
      if (!files.includes(file)) throw new Error(`no ${file} in ${rpm}`);
    }
    if (!scripts.includes('systemd-sysusers vbmc.conf')) throw new Error(scripts);
    return `${files.length} files, ${runProgram('rpm', ['-qp', '--requires', rpm]).trim().split('\n').join(', ')}`;
  });
}
