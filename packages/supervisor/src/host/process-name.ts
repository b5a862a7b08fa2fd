import { writeFileSync } from 'node:fs';

/**
 * The name that `systemctl status`, `ps` and `top` show; Node calls its main thread `MainThread`. `process.title` would
 * overwrite the command line as well.
 */
export function nameProcess(name: string): void {
  try {
    writeFileSync('/proc/self/comm', name);
  } catch {
    // Nothing depends on it.
  }
}
