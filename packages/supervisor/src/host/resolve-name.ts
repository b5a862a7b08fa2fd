/** Asks the system for the addresses of a host name: hosts file, DNS, whatever nsswitch.conf(5) says. */
import { lookup } from 'node:dns/promises';
import { statSync } from 'node:fs';

/** Rejects with a system error. A resolver may keep the call for half a minute, in a thread of Node's pool: it cannot be cancelled. */
export type ResolveName = (name: string) => Promise<readonly string[]>;

let running = 0;

export const resolveName: ResolveName = async (name) => {
  running += 1;
  try {
    const found = await lookup(name, { all: true, verbatim: true });
    return found.map(({ address }) => address);
  } finally {
    running -= 1;
  }
};

const HOSTS_FILE = '/etc/hosts';

/** Another text each time that the hosts file has changed. */
export function hostsFileVersion(): string {
  const found = statSync(HOSTS_FILE, { throwIfNoEntry: false });
  return found === undefined ? '' : [found.dev, found.ino, found.size, found.mtimeMs].join(' ');
}

/**
 * To be called when this process has nothing left to do. Node cannot end while a lookup runs, because it waits for its threads. The
 * process ends by SIGTERM then, which systemd and people take for a normal end.
 */
export function endThoughLookupsRun(): void {
  if (running === 0) return;
  // Without a listener the kernel ends the process at once.
  process.removeAllListeners('SIGTERM');
  process.kill(process.pid, 'SIGTERM');
}
