import { writeFileSync } from 'node:fs';

/** Sets the name that `ps` and `top` show, in UTF-8: the kernel keeps 15 bytes (proc(5), comm). */
export function nameProcess(name: string): void {
  try {
    writeFileSync('/proc/self/comm', name);
  } catch {
    // The name is for people only: everything works without it.
  }
}
