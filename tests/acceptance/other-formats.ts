/** Our files, read by the other systems' own programs. */
import type { Lab } from '#lab/lab.ts';
import { consume, missing } from './consumers.ts';
import { exportTo } from './export-files.ts';
import type { Report } from './report.ts';

interface AnsibleInventory {
  readonly vbmc: { readonly hosts: readonly string[] };
  readonly _meta: { readonly hostvars: Readonly<Record<string, Readonly<Record<string, unknown>>>> };
}

export async function readWithAnsible(lab: Lab, report: Report): Promise<void> {
  const withoutIt = missing('ansible-inventory');
  if (withoutIt !== undefined) {
    report.skip('ansible-inventory', withoutIt);
    return;
  }
  for (const fileName of ['bmcs.yaml', 'bmcs.json']) {
    await report.step(`ansible-inventory --list, ${fileName}`, async () => {
      const file = await exportTo(lab, 'ansible', fileName);
      const inventory = JSON.parse(
        await consume('ansible-inventory', ['-i', file, '--list']),
      ) as AnsibleInventory;
      for (const { name, port, password } of lab.vbmcd.bmcs) {
        const variables = inventory._meta.hostvars[name];
        // Ansible prints a text that is no template as an object that says so.
        const shown = JSON.stringify(variables?.['bmc_password']);
        if (variables?.['bmc_port'] !== port || !shown.includes(password))
          throw new Error(`${name}: ${shown}`);
      }
      return inventory.vbmc.hosts.join(' ');
    });
  }
}
