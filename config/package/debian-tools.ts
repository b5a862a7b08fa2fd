/** Debian programs for making and checking packages; installs them when run as root. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { runProgram } from './run-program.ts';

const apt = ['-y', '-q', '-o', 'DPkg::Lock::Timeout=600'];

/** Throws when `program` is missing and cannot be installed. */
export function needProgram(program: string, debianPackage: string): void {
  if (isThere(program)) return;
  const install = ['install', '--no-install-recommends', debianPackage];
  if (process.getuid?.() !== 0 || !isThere('apt-get')) {
    throw new Error(`${program} is missing: sudo apt-get ${install.join(' ')}`);
  }
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  try {
    runProgram('apt-get', [...apt, ...install], { env });
  } catch {
    // The package lists are missing, or so old that the files they name are gone.
    runProgram('apt-get', [...apt, 'update'], { env });
    runProgram('apt-get', [...apt, ...install], { env });
  }
}

function isThere(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((directory) => {
    try {
      accessSync(join(directory, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
