/** What the roles named `vbmc` of infrared and of redhatci.ocp have in common: one was written after the other. */
import type { Trial } from '../trial.ts';

/** The tasks that install VirtualBMC and write its unit. `installed`: on the line that names the package. */
export async function cannotInstall(trial: Trial, folder: string, installed: string): Promise<void> {
  await trial.cannot(
    `${folder}/install.yml`,
    installed,
    'installs VirtualBMC into a virtualenv by pip',
    'the rest runs with vbmc_bin=vbmc',
  );
  await trial.cannot(
    `${folder}/install.yml`,
    'bin/python {{ vbmcd_bin }}',
    'the unit runs vbmcd by Python',
    'vbmcd is no Python program: our own unit stands in',
  );
}

/** After the role's file of tasks `cleanup` has run. */
export async function cleansUp(trial: Trial, folder: string): Promise<void> {
  await trial.step(`${folder}/cleanup.yml`, "list | awk '/[0-9]{2}/ {print $2}'`", 'cleans up', () =>
    trial.lab.bash('! systemctl is-active vbmc'),
  );
}

/** Files of tasks, by name, and tasks of our own between them. */
export type RoleFiles = readonly (string | readonly object[])[];

export function tasksOf(files: RoleFiles): readonly object[] {
  return files.flatMap((file) =>
    typeof file === 'string' ? [{ import_role: { name: 'vbmc', tasks_from: file } }] : file,
  );
}
