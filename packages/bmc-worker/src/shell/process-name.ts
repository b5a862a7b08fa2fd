import { writeFileSync } from 'node:fs';

/** The name that `ps` and `top` show, as bytes of UTF-8: the kernel keeps 15 of them (proc(5), comm). */
export function nameProcess(name: string): void {
  try {
    writeFileSync('/proc/self/comm', name);
  } catch {
    // Without it everything works.
  }
}
