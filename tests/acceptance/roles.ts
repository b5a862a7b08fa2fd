/**
 * `npm run test:roles`: public automations that were written for VirtualBMC, unchanged, from their own files, on a machine with our
 * package. They come from `--from DIR`, a directory of checkouts; none of their files is ours. The machine is a container with
 * a real systemd and libvirt, with loopback only. Needs root, and `npm run package` before it.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { projectVersion, inCheckout } from '../../config/package/checkout.ts';
import { installPrograms } from '#lab/debian-packages.ts';
import { runAcceptance, type AcceptanceRun } from './acceptance-run.ts';
import { automations } from './roles/automations.ts';
import { findCheckout } from './roles/checkout.ts';
import { RoleLab } from './roles/role-lab.ts';
import { markdownTable, rowProblem, type KnownBreaks, type Row } from './roles/row.ts';
import { Trial, type Automation } from './roles/trial.ts';

const MIRRORS = '/work/.mirror';

/** Ansible and the collections of the roles. */
const neededPrograms = {
  'ansible-playbook': 'ansible-core',
  '/usr/lib/python3/dist-packages/ansible_collections/community/libvirt': 'ansible',
  '/usr/lib/python3/dist-packages/netaddr': 'python3-netaddr',
};

const { values } = parseArgs({
  options: {
    /** Where the checkouts are: NAME, OWNER/NAME or OWNER+NAME/repo below it. */
    from: { type: 'string', default: MIRRORS },
    /** Only these automations. */
    only: { type: 'string', multiple: true },
    deb: { type: 'string', default: inCheckout(`dist/vbmc_${projectVersion()}_amd64.deb`) },
    /** Keeps the Debian tree in this directory, which saves two minutes the next time. */
    tree: { type: 'string' },
    /** Writes the result into this file, as a table of Markdown. */
    table: { type: 'string' },
    /** Leaves the lab running until Ctrl-C. */
    keep: { type: 'boolean', default: false },
  },
});

runAcceptance('npm run test:roles', async (run) => {
  const { print, unlessInterrupted } = run;
  await installPrograms(neededPrograms, { print });
  const lab = await unlessInterrupted(RoleLab.start({ print, deb: values.deb, tree: values.tree }));
  const tables: string[] = [];
  try {
    for (const automation of automations) {
      if (values.only !== undefined && !values.only.includes(automation.name)) continue;
      const table = await unlessInterrupted(tryAutomation(automation, lab, run));
      if (table !== undefined) tables.push(table);
    }
    if (values.table !== undefined) writeFileSync(values.table, `${tables.join('\n')}\n`);
    if (values.keep) await lab.systemd.keep(print);
  } finally {
    await lab.stop();
  }
});

async function tryAutomation(
  automation: Automation,
  lab: RoleLab,
  { report, print }: AcceptanceRun,
): Promise<string | undefined> {
  const { name, repository, before = '', domains, knownBreaks = {} } = automation;
  const checkout = await findCheckout(values.from, repository);
  if (checkout === undefined) {
    report.skip(name, `it is not in ${values.from}: git clone https://github.com/${repository}`);
    return undefined;
  }
  print(`\n${name}: https://github.com/${repository} at ${checkout.commit} (${checkout.date})`);
  const rows: Row[] = [];
  const steps: Promise<boolean>[] = [];
  const onRow = (row: Row): void => {
    rows.push(row);
    steps.push(report.step(`${name}: ${row.what}`, () => judged(row, knownBreaks)));
  };
  await report.step(`${name}: all of it`, async () => {
    await lab.fresh(domains);
    if (before !== '') await lab.bash(before);
    await automation.run(new Trial({ lab, checkout, from: values.from, onRow }));
    return `${rows.length} rows`;
  });
  await Promise.all(steps);
  const named = rows.map((row) => ({ ...row, automation: `${name} ${checkout.commit.slice(0, 7)}` }));
  return markdownTable(named, knownBreaks);
}

function judged(row: Row, knownBreaks: KnownBreaks): Promise<string> {
  const place = `${row.file}:${row.lines}`;
  const problem = rowProblem(row, knownBreaks);
  if (problem !== undefined) return Promise.reject(new Error(`${place}: ${problem}`));
  const reason = row.outcome === 'works' ? row.why : `${row.outcome}: ${knownBreaks[row.what] ?? row.why}`;
  return Promise.resolve(`${place} ${reason}`);
}
