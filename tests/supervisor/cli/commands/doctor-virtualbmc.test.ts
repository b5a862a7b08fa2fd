import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { doctorCommand } from '#supervisor/cli/commands/doctor.ts';
import type { Finding } from '#supervisor/cli/commands/finding.ts';
import { virshQueries } from '#supervisor/virsh/virsh-query.ts';
import { runVbmc } from '#support/supervisor/run-vbmc.ts';
import { temporaryDirectory } from '#support/temporary-directory.ts';

/** What `vbmc doctor` says of VirtualBMC, with an inventory of this text. */
async function warningsOf(text: string): Promise<readonly Finding[]> {
  const directory = temporaryDirectory();
  const inventory = join(directory, 'domains.ini');
  writeFileSync(inventory, text, { mode: 0o600 });
  const argv = ['--run-dir', directory, 'doctor', '--json', '--inventory', inventory];
  const { results } = await runVbmc(argv, [doctorCommand(virshQueries())]);
  return (JSON.parse(results) as Finding[]).filter(({ subject }) => subject === 'VirtualBMC');
}

test('BMCs of VirtualBMC that nobody has taken over are told, with both ways to do so', async () => {
  const home = temporaryDirectory();
  const before = process.env['HOME'];
  process.env['HOME'] = home;
  try {
    for (const name of ['there', 'node-0']) {
      mkdirSync(join(home, '.vbmc', name), { recursive: true });
      writeFileSync(join(home, '.vbmc', name, 'config'), '[VirtualBMC]\nport = 1\n');
    }
    const text = '[there]\npassword=x\nlibvirt_uri=test:///x\nactive=no\n';
    expect(await warningsOf(text)).toEqual([
      {
        ...{ severity: 'warning', subject: 'VirtualBMC' },
        message: `${home}/.vbmc has 1 BMC of VirtualBMC that the inventory does not have (node-0)`,
        remedy: `import them with vbmc import virtualbmc, or write virtualbmc_dir = ${home}/.vbmc under [vbmc] of the inventory`,
      },
    ]);
    expect(await warningsOf(`[vbmc]\nvirtualbmc_dir=${home}/.vbmc\n${text}`)).toEqual([]);
  } finally {
    if (before === undefined) delete process.env['HOME'];
    else process.env['HOME'] = before;
  }
});
